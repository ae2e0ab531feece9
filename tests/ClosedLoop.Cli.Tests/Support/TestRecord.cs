using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net;
using ClosedLoop.Alerting;
using ClosedLoop.Facts;
using ClosedLoop.Hosting;
using ClosedLoop.Testing.Time;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ClosedLoop.Cli.Tests.Support;

/// <summary>A SQLite record with items in every state, kept open by a service on a real socket, whose clock is driven.</summary>
internal sealed class TestRecord : IAsyncDisposable
{
    public const string Done = "BL-1";
    public const string Waiting = "BL-2";
    public const string Overdue = "BL-3";
    public const string Regressed = "BL-4";
    public const string Abandoned = "BL-5";
    public const string Opened = "BL-6";
    public const string Red = "BL-7";

    public const string PersonToken = "token-of-ann-0123456789-0123456789-0123456789";
    public const string AgentToken = "token-of-builder-0123456789-0123456789-0123";

    private static readonly Writer Scm = new(WriterRoles.SourceControl, "github");
    private static readonly Writer Ci = new(WriterRoles.Ci, "jenkins");

    private readonly WebApplication _service;
    private long _number;

    private TestRecord(WebApplication service, string folder, ManualTimeProvider time)
    {
        (_service, Folder, Time) = (service, folder, time);
    }

    public ManualTimeProvider Time { get; }

    /// <summary>What the service was asked for, in order.</summary>
    public ConcurrentQueue<string> Asked { get; } = new();

    /// <summary>The streams that were asked for, in order, by the event that each goes on after.</summary>
    public ConcurrentQueue<(string After, HttpContext Request)> Streams { get; } = new();

    /// <summary>Whether the service is an older one, without a stream.</summary>
    public bool IsWithoutStream { get; set; }

    public string Folder { get; }

    public string File => Path.Combine(Folder, "closedloop.db");

    public Uri Url => new(_service.Urls.First());

    public IClosedLoop Loop => _service.Services.GetRequiredService<IClosedLoop>();

    public static async Task<TestRecord> StartAsync(Action<ClosedLoopBuilder>? configure = null)
    {
        var time = new ManualTimeProvider();
        string folder = Directory.CreateTempSubdirectory("closedloop-cli-").FullName;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(static k => k.Listen(IPAddress.Loopback, 0));
        builder.Services.AddSingleton<TimeProvider>(time);
        builder.Services.AddClosedLoop(loop =>
        {
            loop.UseSqlite(o => o.Path = Path.Combine(folder, "closedloop.db")).AddAdapter(static _ => QuietProbe.Adapter()).AddAlerting();
            configure?.Invoke(loop);
        });
        // Its clocks do not run: what is judged when would depend on the machine.
        foreach (var engine in builder.Services.Where(static s => s.ServiceType == typeof(IHostedService) && s.ImplementationType?.Name == "EngineService").ToList()) builder.Services.Remove(engine);
        builder.Services.AddClosedLoopApi(static o =>
        {
            o.AllowAnonymousReads = true;
            o.AddWriter("person:ann", AspNetCore.ClosedLoopToken.Hash(PersonToken));
            o.AddWriter("agent:builder-7", AspNetCore.ClosedLoopToken.Hash(AgentToken));
        });
        var app = builder.Build();
        var record = new TestRecord(app, folder, time);
        app.Use(record.SeeAsync);
        app.MapClosedLoopApi("/api");
        await app.StartAsync();
        await record.FillAsync();
        return record;
    }

    /// <summary>Lets the service do what is due: limits, incidents.</summary>
    public ValueTask JudgeAsync() => _service.Services.GetRequiredService<LoopEngine>().RunDueAsync(default);

    /// <summary>Stops the service; the file is folded together.</summary>
    public ValueTask CloseAsync() => _service.DisposeAsync();

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>Types a line against the store's file.</summary>
    public Task<Typed> OnStoreAsync(params string[] line) => Typed.LineAsync(Time, Folder, null, [.. line, "--store", $"sqlite:{File}"]);

    /// <summary>Types a line against the service.</summary>
    public Task<Typed> OnServiceAsync(string? token, params string[] line) =>
        Typed.LineAsync(Time, Folder, token is null ? null : new Dictionary<string, string> { ["CLOSEDLOOP_TOKEN"] = token }, [.. line, "--url", Url.ToString()]);

    public async Task OpenAsync(string id, string? title, int pullRequest)
    {
        Recorded(await Loop.OpenAsync(new WorkItem(id) { Title = title, Priority = "P1", Agent = new AgentInfo("builder-7", "model-1", "s-1"), Keys = pullRequest == 0 ? [] : [Key.PullRequest("acme/web", pullRequest)] }));
    }

    public Task PullAsync(int number, string gate, GateStatus status, Reason reason = Reason.Exact, string? detail = null) =>
        RecordAsync(Scm, Key.PullRequest("acme/web", number), gate, status, reason, detail);

    public Task MergeAsync(int number) => RecordAsync(
        Scm,
        new Fact { Subject = Landing(number), Kind = FactKinds.Landing, Writer = Scm, Ordinal = Next(), OccurredAt = Time.GetUtcNow(), Revision = Sha(number), Links = [Key.PullRequest("acme/web", number)], Attributes = Attributes },
        new Fact { Subject = Key.PullRequest("acme/web", number), Kind = Gates.Merged, Writer = Scm, Ordinal = Next(), OccurredAt = Time.GetUtcNow(), Status = GateStatus.Passed, Reason = Reason.Exact, Revision = Sha(number), Attributes = Attributes });

    public Task BuildAsync(int number, int build, GateStatus status) => RecordAsync(
        Ci,
        new Fact
        {
            Subject = Key.Build("https://ci.example/job/web/"), Kind = Gates.MainCi, Writer = Ci, Ordinal = new Ordinal(build), OccurredAt = Time.GetUtcNow(), Status = status, Reason = Reason.Exact, Name = "web",
            Detail = $"web #{build} {(status == GateStatus.Passed ? "succeeded" : "failed")}", Evidence = Evidence.At($"https://ci.example/job/web/{build}/", $"build #{build}"), Revision = Sha(number), Links = [Landing(number)],
        } with { Subject = Key.Build($"https://ci.example/job/web/{build}/") });

    private static ImmutableSortedDictionary<string, string> Attributes => ImmutableSortedDictionary<string, string>.Empty.Add(FactAttributes.Repository, "acme/web").Add(FactAttributes.Branch, "main");

    public static string Sha(int number) => number.ToString("x8", System.Globalization.CultureInfo.InvariantCulture).PadRight(40, '0');

    private Task SeeAsync(HttpContext context, RequestDelegate next)
    {
        Asked.Enqueue(context.Request.Path + context.Request.QueryString);
        if (context.Request.Path != "/api/transitions/stream") return next(context);
        Streams.Enqueue((context.Request.Headers["Last-Event-ID"].ToString(), context));
        if (!IsWithoutStream) return next(context);
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }

    private static Key Landing(int number) => Key.Commit("acme/web", Sha(number));

    private Ordinal Next() => new(++_number);

    private Task RecordAsync(Writer writer, Key subject, string gate, GateStatus status, Reason reason, string? detail) =>
        RecordAsync(writer, new Fact { Subject = subject, Kind = gate, Writer = writer, Ordinal = Next(), OccurredAt = Time.GetUtcNow(), Status = status, Reason = reason, Detail = detail, Evidence = Evidence.At("https://github.example/acme/web/pull/1") });

    private async Task RecordAsync(Writer writer, params Fact[] facts) => Recorded(await Loop.As(writer).RecordFactsAsync(facts));

    private static void Recorded(RecordResult result) => Assert.True(result.IsRecorded, result.Refusal);

    private async Task FillAsync()
    {
        string[] ids = [Done, Waiting, Overdue, Regressed, Abandoned, Opened, Red];
        for (int i = 0; i < ids.Length; i++)
        {
            await OpenAsync(ids[i], $"Title of {ids[i]}", ids[i] == Opened ? 0 : i + 1);
            if (ids[i] == Opened) continue;
            await PullAsync(i + 1, Gates.PrOpened, GateStatus.Passed);
            Time.Advance(TimeSpan.FromSeconds(10));
        }
        foreach (int number in (int[])[1, 4, 7])
        {
            await PullAsync(number, Gates.Reviewed, GateStatus.Passed, detail: "bob approved");
            Time.Advance(TimeSpan.FromSeconds(10));
            await MergeAsync(number);
            await BuildAsync(number, number * 10, number == 7 ? GateStatus.Failed : GateStatus.Passed);
            Time.Advance(TimeSpan.FromSeconds(10));
        }
        await BuildAsync(4, 41, GateStatus.Failed);
        await PullAsync(5, Gates.PrOpened, GateStatus.Failed, Reason.Abandoned);
        Time.Advance(TimeSpan.FromMinutes(100));
        // What is opened now has time left; the review of the third has had two hours by the end.
        await PullAsync(2, Gates.Reviewed, GateStatus.Passed);
        Time.Advance(TimeSpan.FromMinutes(25));
    }
}
