# The flex template: the launcher, which reads the specification and hands the pipeline to Dataflow.
# LAUNCHER is Google's image for templates in Java 17 ("Flex Template base images" in its
# documentation). In the project's root:
#
#   ./mvnw package -DskipTests
#   ./mvnw -pl runners-config/dataflow dependency:copy-dependencies -DoutputDirectory=target/lib -DincludeScope=runtime
#   docker build -f runners-config/dataflow/template.Dockerfile --build-arg LAUNCHER=... -t millrace-template:0.1.0 .
#   gcloud dataflow flex-template build gs://BUCKET/millrace.json --image=... --sdk-language=JAVA \
#       --metadata-file=runners-config/dataflow/metadata.json

ARG LAUNCHER
FROM ${LAUNCHER}

COPY runners-config/dataflow/target/lib/ /opt/millrace/lib/
# Laid out as the project, which millrace.root names.
COPY runners-config/dataflow/options /opt/millrace/runners-config/dataflow/options
COPY models/card-fraud/ /opt/millrace/models/card-fraud/
COPY pipelines/card-fraud/ /opt/millrace/pipelines/card-fraud/

ENV FLEX_TEMPLATE_JAVA_CLASSPATH="/opt/millrace/lib/*"
ENV FLEX_TEMPLATE_JAVA_MAIN_CLASS="dev.millrace.pipelines.cli.FlexTemplate"
ENV JAVA_TOOL_OPTIONS="-Dmillrace.root=/opt/millrace"
