// Fails on purpose: everything lies in the folder "app", and the platform looks at the root.
exports.handler = async () => ({ statusCode: 200, body: '你好' })
