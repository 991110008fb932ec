package dev.millrace.transforms;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import org.apache.beam.sdk.transforms.DoFn;

/** The walls between the stages. */
@AnalyzeClasses(packages = "dev.millrace.transforms", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest
  static final ArchRule packages_are_free_of_cycles =
      slices().matching("dev.millrace.transforms.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule what_users_see_is_a_transform_and_never_its_function =
      classes().that().areAssignableTo(DoFn.class).should().notBePublic();

  @ArchTest
  static final ArchRule no_runner_and_no_command_line_is_known_here =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.apache.beam.runners..",
              "org.apache.flink..",
              "picocli..",
              "org.yaml..",
              "dev.millrace.pipelines..");

  @ArchTest
  static final ArchRule only_its_package_makes_a_dead_letter_into_bytes =
      noClasses()
          .that()
          .resideOutsideOfPackage("..deadletter..")
          .should()
          .dependOnClassesThat()
          .haveSimpleName("DeadLetterAvro");

  @ArchTest
  static final ArchRule tensorflow_is_behind_the_model_handler =
      noClasses().should().dependOnClassesThat().resideInAnyPackage("org.tensorflow..");
}
