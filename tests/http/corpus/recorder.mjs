// A relay in front of an instance that keeps what goes through it: requests byte for byte, and their answers.
import { createServer, request as ask } from 'node:http';

const wholeOf = async (stream) => Buffer.concat(await stream.toArray());

function forward(port, { method, url, headers }, body) {
  return new Promise((done, fail) => {
    const onward = ask({ host: '127.0.0.1', port, method, path: url, headers }, async (answer) => {
      done({ status: answer.statusCode, headers: answer.headers, body: await wholeOf(answer) });
    });
    onward.on('error', fail).end(body);
  });
}

/**
 * {requests, port, stop()}; of each request, in the order in which they came: {method, path, headers, body, received
 * (milliseconds), status, answer}.
 */
export async function startRecorder(instancePort) {
  const requests = [];
  const server = createServer(async (request, response) => {
    const { method, url: path, headers } = request;
    const entry = { method, path, headers, received: Date.now() };
    requests.push(entry);
    entry.body = await wholeOf(request);
    const answer = await forward(instancePort, request, entry.body);
    Object.assign(entry, { status: answer.status, answer: answer.body.toString('utf8') });
    const { 'transfer-encoding': _, ...kept } = answer.headers;
    response.writeHead(answer.status, kept).end(answer.body);
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const stop = () => {
    server.closeAllConnections();
    server.close();
  };
  return { requests, port: server.address().port, stop };
}
