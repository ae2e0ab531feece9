using ClosedLoop.Adapters;
using ClosedLoop.Adapters.GitHub;
using ClosedLoop.Facts;
using ClosedLoop.Hosting;
using ClosedLoop.Intake;
using ClosedLoop.Storage;
using ClosedLoop.Testing.Time;
using Microsoft.Extensions.DependencyInjection;

namespace ClosedLoop.LoadRig.Reconcile;

/// <summary>
/// What reconciliation alone keeps of the record when every webhook is lost, and what it asks of GitHub for that: the real adapter and
/// engine on virtual time, against GitHub's API in this process.
/// </summary>
internal sealed class ReconcileScenario : IScenario
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(1);
    private static readonly DateTimeOffset Start = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);
    private static readonly Writer Host = new(WriterRoles.Host, "rig");

    public string Name => "reconcile";

    public string Summary => "N open items with every webhook lost: calls to GitHub, and how far the record is behind, on virtual time";

    public IReadOnlyList<Option> Options =>
    [
        new("open", "10000", "open items, each with a pull request"),
        new("repos", "50", "repositories"),
        new("drop", "all", "which webhooks are lost; there is only all"),
        new("merges", "500", "deliveries an hour: each is opened, approved, merged and built"),
        new("minutes", "120", "measured minutes of virtual time"),
        new("warmup", "15", "minutes before them, in which everything is read for the first time"),
        new("budget", "5000", "GitHub:CallsPerHour, and what the simulated GitHub allows"),
        new("seed", "1", "of what happens"),
    ];

    public async Task<IReadOnlyList<Row>> RunAsync(Arguments arguments, TextWriter log)
    {
        if (arguments.Text("drop") != "all") throw new ArgumentException($"--drop is '{arguments.Text("drop")}'; there is only all.");
        int open = arguments.Number("open"), budget = arguments.Number("budget");
        long started = Clock.Start();
        var time = new ManualTimeProvider(Start);
        using var gitHub = new SimulatedGitHub(time, budget);
        for (int i = 0; i < arguments.Number("repos"); i++) gitHub.Repositories.Add(new SimulatedRepository(i));
        var traffic = new DeliveryTraffic(gitHub.Repositories, open, arguments.Number("merges"), Start, arguments.Number("seed"));
        using var http = new HttpClient(gitHub, disposeHandler: false);
        var (adapter, probe) = Adapter(gitHub, http, time, budget);
        await using var services = new ServiceCollection().AddSingleton<TimeProvider>(time).AddClosedLoop(loop => loop.AddAdapter(_ => adapter)).BuildServiceProvider();
        var engine = services.GetRequiredService<LoopEngine>();
        var store = services.GetRequiredService<ILoopStore>();
        await engine.StartAsync(default);
        await OpenItemsAsync(services.GetRequiredService<IIntake>(), traffic.Pulls);

        var delays = new DelayMeter(store, traffic.Truth);
        await RunAsync(Start.AddMinutes(arguments.Number("warmup")));
        await log.WriteLineAsync($"warm after {Clock.Seconds(started):N0} s; {gitHub.Calls.CallsSince(Start)} calls");
        var measuredFrom = time.GetUtcNow();
        delays.Since = measuredFrom;
        probe.Reset();
        await RunAsync(measuredFrom.AddMinutes(arguments.Number("minutes")));
        // What happened in the last minutes is still to be found.
        var measuredTo = time.GetUtcNow();
        int calls = gitHub.Calls.CallsSince(measuredFrom), sweeps = probe.Sweeps;
        long points = gitHub.Calls.PointsSince(measuredFrom), subjects = probe.Subjects;
        int batches = probe.Batches;
        delays.Until = measuredTo;
        await RunAsync(measuredTo.AddMinutes(10), happens: false);

        var (busiestCalls, busiestPoints) = gitHub.Calls.BusiestHour();
        ClaimFailedException.Unless(delays.Unseen == 0, $"{delays.Unseen} changes were not in the record ten minutes after the end; the first is {delays.FirstUnseen}.");
        double perItem = calls / ((double)sweeps * open);
        double minutes = (measuredTo - measuredFrom).TotalMinutes;
        return
        [
            new Row(
                $"{open} open items in {gitHub.Repositories.Count} repositories, every webhook lost",
                "one request for each open item and sweep, as a poller without batches makes it (arithmetic, not run)",
                "calls per open item and sweep", Spread.Of([perItem]), Spread.Of([1]), Spread.Of([perItem]),
                new Dictionary<string, double>
                {
                    ["sweeps"] = sweeps,
                    ["api_calls"] = calls,
                    ["api_calls_per_item_per_sweep"] = perItem,
                    ["api_calls_per_look"] = batches / (double)Math.Max(1, subjects),
                    ["looks_per_item_per_hour"] = subjects / (double)open / minutes * 60,
                    ["points"] = points,
                    ["busiest_hour_calls"] = busiestCalls,
                    ["busiest_hour_points"] = busiestPoints,
                    ["budget_exceeded"] = Math.Max(0, Math.Max(busiestCalls, busiestPoints) - budget) + gitHub.Refused,
                    ["changes"] = delays.Count,
                    ["staleness_p50_s"] = delays.Percentile(50),
                    ["staleness_p99_s"] = delays.Percentile(99),
                    ["staleness_max_s"] = delays.Percentile(100),
                    ["virtual_minutes"] = minutes,
                    ["wall_s"] = Clock.Seconds(started),
                }),
        ];

        async Task RunAsync(DateTimeOffset until, bool happens = true)
        {
            while (time.GetUtcNow() < until)
            {
                time.Advance(Step);
                if (happens) traffic.RunTo(time.GetUtcNow());
                await engine.RunDueAsync(default);
                await delays.ReadAsync(time.GetUtcNow());
            }
        }
    }

    private static (AdapterRegistration Adapter, CountedProbe Probe) Adapter(SimulatedGitHub gitHub, HttpClient http, TimeProvider time, int budget)
    {
        var options = new GitHubOptions { Token = "ghp_rig", ReceiveWebhooks = false, CallsPerHour = budget, MinRemainingRequests = 0 };
        foreach (var repository in gitHub.Repositories) options.Repositories.Add(repository.Name);
        var adapter = GitHubAdapter.Create(options, http, time);
        var probe = new CountedProbe(adapter.Probe!);
        return (new AdapterRegistration
        {
            Name = adapter.Name,
            Writers = adapter.Writers,
            Gates = adapter.Gates,
            Probe = probe,
            ProbeSchemes = adapter.ProbeSchemes,
            ReadsLines = adapter.ReadsLines,
            PollInterval = adapter.PollInterval,
            QuietPollInterval = adapter.QuietPollInterval,
            CallsPerHour = adapter.CallsPerHour,
            HintDelay = adapter.HintDelay,
            MaxKeysPerProbe = adapter.MaxKeysPerProbe,
        }, probe);
    }

    // All that is known at first is which pull request belongs to which item.
    private static async Task OpenItemsAsync(IIntake intake, IEnumerable<SimulatedPull> pulls)
    {
        foreach (var some in pulls.Chunk(500))
        {
            var facts = some.SelectMany(static pull => new[]
            {
                Fact(Key.Item(pull.Item), FactKinds.Item),
                Fact(Key.PullRequest(pull.Repository.Name, pull.Number), FactKinds.Link) with { Links = [Key.Item(pull.Item)] },
            });
            var taken = await intake.SubmitAsync(new Submission { Source = "rig", ReceivedAt = Start, Facts = [.. facts], Writers = [Host] }, default);
            ClaimFailedException.Unless(taken.NewFacts == 2 * some.Length, "the items were not taken.");
        }
    }

    private static Fact Fact(Key subject, string kind) => new() { Subject = subject, Kind = kind, Writer = Host, Ordinal = Ordinal.At(Start), OccurredAt = Start };
}
