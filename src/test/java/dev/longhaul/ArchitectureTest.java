package dev.longhaul;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.GeneralCodingRules;
import dev.longhaul.cli.Terminal;
import dev.longhaul.thread.ClockConfiguration;
import dev.longhaul.thread.Threads;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.Configuration;
import org.springframework.modulith.core.ApplicationModules;

/** The boundaries between the rooms of docs/design.md, each with its reason. */
class ArchitectureTest {
  private static final JavaClasses CODE =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.longhaul");

  @Test
  void everyRoomUsesOnlyTheRoomsItDeclares() {
    ApplicationModules.of("dev.longhaul").verify();
  }

  @Test
  void noTwoRoomsNeedEachOther() {
    slices()
        .matching("dev.longhaul.(*)..")
        .should()
        .beFreeOfCycles()
        .because("a job is traced by reading the rooms in one order")
        .check(CODE);
  }

  @Test
  void noTwoPackagesNeedEachOther() {
    slices()
        .matching("dev.longhaul.(**)")
        .should()
        .beFreeOfCycles()
        .ignoreDependency(
            describe(
                "a room's configuration", type -> type.isMetaAnnotatedWith(Configuration.class)),
            DescribedPredicate.alwaysTrue())
        .because(
            "a room is read from its lowest package upwards; a configuration may import those of"
                + " its children, so that their types stay package-private")
        .check(CODE);
  }

  @Test
  void jobsKnowNoOtherRoom() {
    classes()
        .that()
        .resideInAPackage("dev.longhaul.job..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "dev.longhaul.job..",
            "dev.longhaul.thread..",
            "java..",
            "org.jspecify..",
            "org.springframework.modulith..")
        .because(
            "every room speaks of jobs, so whatever job used everyone would depend on; only"
                + " thread is lower, and must be told how a request comes along")
        .check(CODE);
  }

  @Test
  void threadsKnowNoOtherRoom() {
    noClasses()
        .that()
        .resideInAPackage("dev.longhaul.thread..")
        .should()
        .dependOnClassesThat(
            resideInAPackage("dev.longhaul..").and(not(resideInAPackage("dev.longhaul.thread.."))))
        .because("every room starts threads")
        .check(CODE);
  }

  @Test
  void onlyOneClassStartsThreads() {
    noClasses()
        .that()
        .doNotBelongToAnyOf(Threads.class)
        .and()
        .doNotHaveFullyQualifiedName("dev.longhaul.thread.RequestThread") // made by Threads alone
        .should()
        .accessTargetWhere(startsAThread())
        .because(
            "a thread started elsewhere loses the request, its trace and the logging context, or"
                + " lets a tool that computes keep every virtual thread from running")
        .check(CODE);
  }

  @Test
  void onlyTheRedisRoomsKnowTheRedisClient() {
    noClasses()
        .that()
        .resideOutsideOfPackages("dev.longhaul.redis..", "dev.longhaul..redis..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.lettuce..", "org.springframework.data.redis..")
        .because("the store is behind ports; its client may change without the other rooms")
        .check(CODE);
  }

  @Test
  void noBeanIsASecurityFilterChain() {
    noMethods()
        .that()
        .areAnnotatedWith(org.springframework.context.annotation.Bean.class)
        .should()
        .haveRawReturnType(assignableTo(org.springframework.security.web.SecurityFilterChain.class))
        .because(
            "Spring Boot's default chain, which keeps a host application locked, backs off where"
                + " there is one; access tokens are checked by a filter of our own")
        .check(CODE);
  }

  @Test
  void theRoomOfConnectionsKnowsNothingThatIsStored() {
    noClasses()
        .that()
        .resideInAPackage("dev.longhaul.redis..")
        .should()
        .dependOnClassesThat(
            resideInAPackage("dev.longhaul..")
                .and(not(resideInAPackage("dev.longhaul.redis..")))
                .and(not(resideInAPackage("dev.longhaul.thread.."))))
        .because("every store uses it; only thread is lower, which starts its timer")
        .check(CODE);
  }

  @Test
  void onlyTheCatalogueAndTheMcpFrontDoorKnowTheSdk() {
    noClasses()
        .that()
        .resideOutsideOfPackages(
            "dev.longhaul.catalog..",
            "dev.longhaul.mcp..",
            "dev.longhaul.builtin..",
            "dev.longhaul.cli.bench..") // the only client of MCP in Longhaul
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.modelcontextprotocol..", "org.springframework.ai..")
        .because(
            "an upgrade of the SDK is to touch two rooms only; the tools that come with Longhaul use"
                + " Spring AI's annotations as every author does")
        .check(CODE);
  }

  @Test
  void timeComesFromTheClock() {
    noClasses()
        .should()
        .accessTargetWhere(readsTheTimeItself())
        .because("tests set the time, and Redis' time decides where processes must agree")
        .check(CODE);
  }

  @Test
  void onlyOnePlaceMakesTheClock() {
    noClasses()
        .that()
        .doNotBelongToAnyOf(ClockConfiguration.class)
        .should()
        .accessTargetWhere(
            describe(
                "make a clock of their own",
                access ->
                    access.getTargetOwner().isEquivalentTo(java.time.Clock.class)
                        && access.getTarget().getName().startsWith("system")))
        .because("an application that brings a Clock bean means it for everything")
        .check(CODE);
  }

  @Test
  void namesSayWhatAClassIs() {
    noClasses()
        .should()
        .haveNameMatching(".*(Impl|Manager|Util|Utils|Helper)")
        .because("such a name says that the noun was not found")
        .check(CODE);
  }

  @Test
  void dependenciesComeThroughConstructors() {
    GeneralCodingRules.NO_CLASSES_SHOULD_USE_FIELD_INJECTION
        .because("an object is complete when it is built, also without Spring")
        .check(CODE);
  }

  @Test
  void logsGoThroughSlf4j() {
    GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING
        .because("there is one log, and its format is the operator's choice")
        .check(CODE);
    noClasses()
        .that()
        .doNotBelongToAnyOf(Terminal.class) // of a command, whose output is what was asked for
        .should(GeneralCodingRules.ACCESS_STANDARD_STREAMS)
        .because("there is one log, and its format is the operator's choice")
        .check(CODE);
  }

  @Test
  void noRoomKnowsTheCommandLine() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.longhaul.cli..")
        .and()
        .doNotBelongToAnyOf(LonghaulApplication.class)
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.longhaul.cli..")
        .because("a command is run instead of a server; a host application has none of them")
        .check(CODE);
  }

  private static DescribedPredicate<JavaAccess<?>> startsAThread() {
    Set<String> makers =
        Set.of(
            "java.util.concurrent.ForkJoinPool",
            "java.util.concurrent.ScheduledThreadPoolExecutor",
            "java.util.concurrent.ThreadPoolExecutor",
            "java.util.Timer",
            "org.springframework.core.task.SimpleAsyncTaskExecutor",
            "org.springframework.core.task.VirtualThreadTaskExecutor");
    Set<String> onTheCommonPool =
        Set.of("runAsync", "supplyAsync", "parallel", "parallelStream", "commonPool");
    return describe(
        "start a thread",
        access -> {
          String owner = access.getTargetOwner().getName();
          String method = access.getTarget().getName();
          boolean made = method.equals("<init>");
          return owner.equals("java.util.concurrent.Executors")
              || owner.equals("java.util.concurrent.StructuredTaskScope")
              || owner.startsWith("org.springframework.scheduling.concurrent.")
              || (owner.equals("java.lang.Thread")
                  && (made || method.startsWith("of") || method.equals("startVirtualThread")))
              || (made && makers.contains(owner))
              || (owner.startsWith("java.util.") && onTheCommonPool.contains(method));
        });
  }

  private static DescribedPredicate<JavaAccess<?>> readsTheTimeItself() {
    return describe(
        "read the system's time",
        access -> {
          String owner = access.getTargetOwner().getName();
          String method = access.getTarget().getName();
          boolean now =
              owner.startsWith("java.time.")
                  && method.equals("now")
                  && access.getTarget()
                      instanceof
                      com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget target
                  && target.getRawParameterTypes().stream()
                      .noneMatch(type -> type.isEquivalentTo(java.time.Clock.class));
          return now
              || (owner.equals("java.lang.System") && method.equals("currentTimeMillis"))
              || (owner.equals("java.util.Date") && method.equals("<init>"));
        });
  }

  /** What belongs together is a record of its own: nobody can check a list of 20 arguments. */
  @Test
  void noRecordHasMoreThanTwelveComponentsButThoseThatAreFlatForTheirUsers() {
    assertThat(CODE.stream().filter(JavaClass::isRecord))
        .filteredOn(type -> type.reflect().getRecordComponents().length > 12)
        .extracting(JavaClass::getSimpleName)
        .containsExactlyInAnyOrder(
            // Each component is a setting, or a field of JSON, of that name.
            "McpProperties",
            "ToolSettings",
            "UpstreamSettings",
            "UpstreamStatus",
            "JobView",
            "BatchView",
            "ChainView",
            "ToolView",
            "ColumnProfile");
  }
}
