/** The file examples/hello-python/index.py: coding line and readable Chinese. */
export const PYTHON_EVENT = `# -*- coding:utf-8 -*-
# The smallest function: no dependencies. ensure_ascii=False keeps Chinese text readable.
import json


def initializer(context):
    pass


def handler(event, context):
    name = event.get("name", "世界")
    body = json.dumps({"greeting": "你好，" + name}, ensure_ascii=False)
    return {"statusCode": 200, "body": body}
`
