"""Payments as Debian's python3-avro, python3-protobuf or json write them: a line of base64 each.

encode.py avro SCHEMA | json | protobuf GENERATED_FOLDER, with the payments as JSON lines on standard input.
"""
import base64
import io
import json
import sys


def avro(schema_file):
    import avro.io
    import avro.schema

    schema = avro.schema.parse(open(schema_file).read())

    def encode(payment):
        out = io.BytesIO()
        # This library takes datetimes for a logical type only.
        import datetime

        at = datetime.datetime.fromtimestamp(payment["at"] / 1000, datetime.timezone.utc)
        avro.io.DatumWriter(schema).write(dict(payment, at=at), avro.io.BinaryEncoder(out))
        return out.getvalue()

    return encode


def protobuf(folder):
    sys.path.insert(0, folder)
    import payment_pb2

    def encode(payment):
        message = payment_pb2.Payment(
            id=payment["id"],
            amount=payment["amount"],
            items=payment["items"],
            channel=payment["channel"],
            tags=payment["tags"],
        )
        message.at.FromMilliseconds(payment["at"])
        message.merchant.city = payment["merchant"]["city"]
        if payment["note"] is not None:
            message.note = payment["note"]
        return message.SerializeToString()

    return encode


def as_json():
    import datetime

    def encode(payment):
        at = datetime.datetime.fromtimestamp(payment["at"] / 1000, datetime.timezone.utc)
        text = dict(payment, at=at.isoformat(timespec="milliseconds"))
        if text["note"] is None:
            del text["note"]
        return json.dumps(text).encode()

    return encode


encoders = {"avro": avro, "protobuf": protobuf, "json": as_json}
encode = encoders[sys.argv[1]](*sys.argv[2:])
for line in sys.stdin:
    print(base64.b64encode(encode(json.loads(line))).decode())
