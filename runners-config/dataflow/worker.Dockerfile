# The workers' image (--sdkContainerImage): Beam's own for Java 17, with the models of the shipped
# pipelines where their specifications say they are. In the project's root:
#
#   docker build -f runners-config/dataflow/worker.Dockerfile -t millrace-worker:0.1.0 .

FROM apache/beam_java17_sdk:2.70.0

# TensorFlow's native library needs glibc 2.34 and libstdc++ 3.4.29 (Debian 12, Ubuntu 22.04): an
# older image is refused here, and not by a worker that cannot load it.
RUN found=$(getconf GNU_LIBC_VERSION | cut -d ' ' -f 2) && \
    if [ "$(printf '%s\n' 2.34 "$found" | sort -V | head -n 1)" != 2.34 ]; then \
      echo "found glibc $found, expected 2.34 or later: TensorFlow cannot be loaded" >&2; exit 1; \
    fi

# Where the template has it, so that a specification means the same to both.
COPY models/card-fraud/ /opt/millrace/models/card-fraud/
