package dev.millrace.pipelines;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The walls between the specification, the assembly and the command line. */
@AnalyzeClasses(packages = "dev.millrace.pipelines", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest
  static final ArchRule packages_are_free_of_cycles =
      slices().matching("dev.millrace.pipelines.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule no_runner_is_named_in_code =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.beam.runners..", "org.apache.flink..");

  @ArchTest
  static final ArchRule a_spec_knows_neither_yaml_nor_the_transforms_it_becomes =
      noClasses()
          .that()
          .resideInAPackage("dev.millrace.pipelines.spec")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.yaml..", "dev.millrace.transforms..", "org.apache.beam..");

  @ArchTest
  static final ArchRule only_the_command_line_is_made_of_picocli =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.millrace.pipelines.cli..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("picocli..");
}
