# -*- coding:utf-8 -*-
# Dependencies from PyPI: they go to the root beside the code, as wheels for the platform's Python.
from jinja2 import Environment

PAGE = Environment(autoescape=True).from_string("<p>你好，{{ name }}</p>")


def handler(event, context):
    return {"statusCode": 200, "body": PAGE.render(name=event.get("name", "世界"))}
