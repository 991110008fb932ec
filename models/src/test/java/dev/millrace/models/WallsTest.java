package dev.millrace.models;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(
    packages = "dev.millrace.models",
    importOptions = ImportOption.DoNotIncludeTests.class)
class WallsTest {

  @ArchTest
  static final ArchRule models_know_no_beam =
      noClasses().should().dependOnClassesThat().resideInAPackage("org.apache.beam..");

  @ArchTest
  static final ArchRule models_know_none_of_the_modules_above =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("dev.millrace.transforms..", "dev.millrace.pipelines..");

  @ArchTest
  static final ArchRule the_interface_knows_no_engine =
      noClasses()
          .that()
          .resideInAPackage("dev.millrace.models")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("dev.millrace.models.*..", "org.tensorflow..");

  @ArchTest
  static final ArchRule only_the_engine_and_the_training_know_tensorflow =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              "dev.millrace.models.tensorflow..", "dev.millrace.models.training..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.tensorflow..");

  @ArchTest
  static final ArchRule packages_are_free_of_cycles =
      slices().matching("dev.millrace.(**)").should().beFreeOfCycles();
}
