package dev.millrace.faults;

import dev.millrace.pipelines.services.FlinkTaskManager;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;

/**
 * What goes wrong. Each is done to a job that decides payments, and leaves every process running.
 */
enum Fault {
  /** Nothing: what the others are compared with. */
  NONE {
    @Override
    void inflict(Scene scene) {
      Scene.pause(Duration.ofSeconds(10));
    }
  },

  /** A TaskManager that runs tasks is killed, and started again. */
  TASKMANAGER_KILLED {
    @Override
    void inflict(Scene scene) throws IOException {
      FlinkTaskManager victim = scene.busyTaskManager();
      victim.kill();
      victim.restart();
    }
  },

  /** Both TaskManagers are killed, so nobody has a copy of anything, and started again. */
  TASKMANAGERS_KILLED {
    @Override
    void inflict(Scene scene) throws IOException {
      for (FlinkTaskManager one : scene.cluster().taskManagers()) {
        one.kill();
      }
      for (FlinkTaskManager one : scene.cluster().taskManagers()) {
        one.restart();
      }
    }
  },

  /** The JobManager is killed, and with it the job: it is submitted from its last checkpoint. */
  JOBMANAGER_KILLED {
    @Override
    void inflict(Scene scene) throws IOException {
      scene.cluster().jobManager().kill();
      scene.cluster().jobManager().restart();
      scene.assemble("--savepointPath=" + scene.lastCheckpoint()).submit();
    }
  },

  /** The broker is killed, and started again seconds later. */
  BROKER_KILLED {
    @Override
    void inflict(Scene scene) throws IOException {
      scene.broker().kill();
      Scene.pause(Duration.ofMillis(2_000 + scene.random().nextInt(6_000)));
      scene.broker().restart();
    }
  },

  /** The broker is away when the job starts, and comes later. */
  BROKER_ABSENT {
    @Override
    void begin(Scene scene) throws IOException {
      scene.assemble();
      scene.broker().kill();
      scene.submit();
    }

    @Override
    void inflict(Scene scene) throws IOException {
      Scene.pause(Duration.ofSeconds(20));
      scene.broker().restart();
      scene.startLoad();
    }
  },

  /** A TaskManager stops for five seconds, as in a long garbage collection. */
  TASKMANAGER_SUSPENDED_5S {
    @Override
    void inflict(Scene scene) throws IOException {
      suspend(scene, Duration.ofSeconds(5));
    }
  },

  /** A TaskManager stops for so long that Flink gives it up, and then goes on as if it had not. */
  TASKMANAGER_SUSPENDED_70S {
    @Override
    void inflict(Scene scene) throws IOException {
      suspend(scene, Duration.ofSeconds(70));
    }
  },

  /** Checkpoints cannot be written for half a minute. */
  CHECKPOINT_DISK_FULL {
    @Override
    void inflict(Scene scene) throws IOException {
      scene.disk().fill();
      try {
        Scene.pause(Duration.ofSeconds(30));
      } finally {
        scene.disk().free();
      }
    }
  },

  /** A partition of the topic never gets a record. */
  EMPTY_PARTITION {
    @Override
    void inflict(Scene scene) {
      Scene.pause(Duration.ofSeconds(10));
    }
  };

  /** As the command line and the report name it. */
  String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Brings the job up to where the fault happens. */
  void begin(Scene scene) throws IOException {
    scene.assemble().submit().begin();
  }

  /** Does the harm, and mends what a person would have to. */
  abstract void inflict(Scene scene) throws IOException;

  private static void suspend(Scene scene, Duration time) throws IOException {
    FlinkTaskManager victim = scene.busyTaskManager();
    victim.suspend();
    try {
      Scene.pause(time);
    } finally {
      victim.resume();
    }
  }
}
