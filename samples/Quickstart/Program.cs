using ClosedLoop;
using ClosedLoop.Facts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

var builder = Host.CreateApplicationBuilder(args);
builder.Services.AddClosedLoop(loop => loop
    .AddPipeline("delivery", p => p.UseDefaultGates().DoneWhen(Done.MergedAndMainGreen)));
using var host = builder.Build();
await host.StartAsync();
var loop = host.Services.GetRequiredService<IClosedLoop>().As(Writer.Agent("builder-7"));

// The agent opens its item and says what it did; of all gates it owns only this one.
await loop.OpenAsync(new WorkItem("BL-42") { Title = "Fix login", Agent = new AgentInfo("builder-7", "model-x 1.2", "session-9") });
await loop.RecordAsync("BL-42", Gates.PrOpened, Evidence.At("https://git.example/acme/web/pull/12"), Key.PullRequest("acme/web", 12));
Console.WriteLine((await loop.GetStatusAsync("BL-42"))!.Why);

// It cannot write what it does not own: the record refuses and keeps the attempt.
var claimed = await loop.RecordAsync("BL-42", Gates.MainCi, Evidence.At("https://agent.example/looks-fine-to-me"));
Console.WriteLine($"claim recorded: {claimed.IsRecorded}. {claimed.Refusal}");

// In production adapters bring what follows; here the source host and the CI system speak themselves.
var github = loop.As(new Writer(WriterRoles.SourceControl, "github"));
var jenkins = loop.As(new Writer(WriterRoles.Ci, "jenkins"));
await github.RecordAsync("BL-42", Gates.Merged, Evidence.At("https://git.example/acme/web/pull/12"));
Console.WriteLine((await loop.GetStatusAsync("BL-42"))!.Why);
await jenkins.RecordAsync("BL-42", Gates.MainCi, Evidence.At("https://ci.example/job/web/311/", "build #311"));

var status = await loop.WaitUntilDoneAsync("BL-42", TimeSpan.FromMinutes(1));
Console.WriteLine(status!.Why);
await host.StopAsync();
return status.IsDone ? 0 : 1;
