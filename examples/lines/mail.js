// A mail for each order. What throws is an attempt that failed: it is tried again.
require('readline').createInterface({ input: process.stdin }).on('line', (line) => {
  const event = JSON.parse(line);
  const say = (words) => console.log(JSON.stringify(words));
  try {
    const { order_id: order, for: user } = event.data;
    say({ emit: 'mail.sent', data: { to: user.name, about: order }, for: event.id });
    say({ done: event.id });
  } catch (error) {
    say({ failed: event.id, error: error.message });
  }
});
