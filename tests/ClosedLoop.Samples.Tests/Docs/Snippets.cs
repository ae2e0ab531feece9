using ClosedLoop.Adapters;
using ClosedLoop.Facts;
using ClosedLoop.Hosting;
using ClosedLoop.Rebuild;
using ClosedLoop.Testing.Adapters;
using ClosedLoop.Testing.Conformance;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ClosedLoop.Samples.Tests.Docs;

/// <summary>The code of the documentation, so that it compiles; <see cref="DocumentationTests"/> compares the texts.</summary>
internal static class Snippets
{
    public static async Task Readme(string[] args, string secret, string token, string model, string session, string prUrl)
    {
        var builder = Host.CreateApplicationBuilder(args);
        builder.Services.AddClosedLoop(loop => loop
            .UseSqlite("Data Source=closedloop.db")
            .AddGitHub(o => { o.Repositories.Add("acme/web"); o.WebhookSecret = secret; o.Token = token; })
            .AddPipeline("delivery", p => p.UseDefaultGates().DoneWhen(Done.MergedAndMainGreen)));
        using var host = builder.Build();
        await host.StartAsync();
        var loop = host.Services.GetRequiredService<IClosedLoop>().As(Writer.Agent("builder-7"));

        await loop.OpenAsync(new WorkItem("BL-42") { Title = "Fix login", Agent = new AgentInfo("builder-7", model, session) });
        await loop.RecordAsync("BL-42", Gates.PrOpened, Evidence.At(prUrl), Key.PullRequest("acme/web", 12));
        var status = await loop.WaitUntilDoneAsync("BL-42", TimeSpan.FromHours(2));
        if (status is { IsDone: false }) Console.WriteLine(status.Why);
    }

    public static async Task Rebuild(IServiceProvider services)
    {
        var report = await services.GetRequiredService<ILoopRebuild>().RebuildAsync();
        Console.WriteLine($"{report.ChangedItems} of {report.Items} items came out differently");
    }

    public static void Packages(IServiceCollection services, string secret, string token)
    {
        services.AddClosedLoop(loop => loop.UseSqlite("Data Source=closedloop.db"));
        services.AddClosedLoop(loop => loop.UsePostgres("Host=db.example;Database=closedloop;Username=closedloop;Password=…"));
        services.AddClosedLoop(loop => loop.AddGitHub(o =>
        {
            o.Repositories.Add("acme/web");
            o.WebhookSecret = secret;
            o.Token = token;
        }));
    }

    public static void Metrics(WebApplication app)
    {
        app.MapClosedLoopMetrics("/metrics");
    }

    public static void Web(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.Services.AddClosedLoop(loop => loop
            .UseSqlite("Data Source=closedloop.db")
            .AddGitHub(o => builder.Configuration.GetSection("ClosedLoop:GitHub").Bind(o)));
        builder.Services.AddClosedLoopApi(builder.Configuration.GetSection("ClosedLoop:Api"));
        var app = builder.Build();
        app.MapClosedLoopWebhooks("/hooks");   // POST /hooks/github, /hooks/jenkins, /hooks/{adapter}
        app.MapClosedLoopApi("/api");
        app.MapClosedLoopHealth("/healthz");
    }

    public static void Concepts(IServiceCollection services)
    {
        services.AddClosedLoop(loop => loop
            .AddPipeline("delivery", p => p
                .UseDefaultGates()
                .GateAfter(Gates.MainCi, "security-scan", g => g.WrittenBy("ci:scanner").Within(TimeSpan.FromMinutes(20)))
                .Gate(Gates.Reviewed, g => g.AtLeast(2).BoundToHead())
                .Gate(Gates.MainCi, g => g.Require("build", "test"))
                .DoneWhen(Done.When("shipped", Gates.Merged, "security-scan", Gates.RolledOut))));
    }

    public static void Operations(ClosedLoopBuilder loop, IConfiguration configuration)
    {
        loop.ConfigureRetention(o =>
        {
            o.Deliveries = TimeSpan.FromDays(14);
            o.FactLog = TimeSpan.FromDays(400);
            o.Quarantine = TimeSpan.FromDays(90);
        });
        loop.AddWebhookSink(o =>
        {
            o.Address = new Uri("https://chat.example/hooks/closedloop");
            o.Secret = configuration["ClosedLoop:Sinks:Webhook:Secret"];
        });
    }

    public static void Adapters(ClosedLoopBuilder loop, string secret)
    {
        loop.AddAdapter(services => new AdapterRegistration
        {
            Name = "scanner",
            Writers = [new Writer(WriterRoles.Ci, "scanner")],
            Gates = ["security-scan"],
            Authenticator = new ScannerAuthenticator(secret),
            Translator = new ScannerTranslator(),
        });
    }

    public static async Task AdapterKit(AdapterExample example)
    {
        foreach (var conformance in AdapterConformance.Cases) await conformance.Run(example);
    }

    public static async Task Testing()
    {
        foreach (var conformance in StoreConformance.Cases) await conformance.Run(CreateStore());
    }

    private static Storage.InMemory.InMemoryLoopStore CreateStore() => new Storage.InMemory.InMemoryLoopStore();
}
