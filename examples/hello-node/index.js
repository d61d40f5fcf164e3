// The smallest function: no dependencies, answers in the language of the name it is given.
exports.handler = async (event) => {
  const name = event?.name ?? '世界'
  return { statusCode: 200, body: JSON.stringify({ greeting: `你好，${name}` }) }
}
