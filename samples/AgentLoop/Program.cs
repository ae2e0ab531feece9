using ClosedLoop;
using ClosedLoop.Facts;
using ClosedLoop.Samples.AgentLoop;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

// An agent that thinks it is done, a world that knows better, and a loop that lets only the truth through. No network, no clock to wait for.
const string Item = "BL-42";
var builder = Host.CreateApplicationBuilder(args);
builder.Logging.ClearProviders();
builder.Services.AddClosedLoop(loop => loop.UseInMemory());
using var host = builder.Build();
await host.StartAsync();
var loop = host.Services.GetRequiredService<IClosedLoop>();

var agent = new ScriptedAgent(loop.As(Writer.Agent("builder-7")));
var world = new ScriptedWorld(loop, TimeProvider.System);
var gate = new DoneGate(loop);

await agent.BeginAsync(Item, "Fix login");
for (int round = 1; round <= ScriptedWorld.Rounds + 1; round++)
{
    Console.WriteLine($"-- round {round}");
    // 1. The agent works, and says what it believes.
    string claim = await agent.WorkAsync(Item, round);
    Console.WriteLine($"agent:      {claim}");

    // 2. Nobody takes its word. The record is asked.
    var answer = await gate.AskAsync(Item);
    Console.WriteLine($"closedloop: {(answer.IsDone ? "yes" : "no")}, {answer.Why}");
    if (answer.IsDone)
    {
        Console.WriteLine($"-- now it may be said: {Item} is done.");
        await host.StopAsync();
        return 0;
    }

    // 3. What is missing goes back to the agent as its next task, and the world goes on.
    agent.Told(answer.Why);
    Console.WriteLine($"world:      {await world.GoOnAsync(Item, round)}");
}
Console.WriteLine("The world came to its end and the item was never done: nobody said so.");
await host.StopAsync();
return 1;
