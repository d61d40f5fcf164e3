// Dependencies from npm, by the lock file: they go to node_modules/ beside the code.
const ms = require('ms')

exports.handler = async (event) => {
  const milliseconds = ms(event?.duration ?? '2 days')
  return { statusCode: 200, body: `${event?.duration ?? '2 days'} 是 ${milliseconds} 毫秒` }
}
