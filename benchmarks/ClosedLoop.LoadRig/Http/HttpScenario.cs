using System.Text;
using ClosedLoop.Facts;
using ClosedLoop.LoadRig.Ingest;
using ClosedLoop.LoadRig.Sqlite;
using ClosedLoop.Storage;
using ClosedLoop.Storage.Sqlite;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace ClosedLoop.LoadRig.Http;

/// <summary>The whole way of a webhook: socket, Kestrel, signature, translation, intake, a durable commit, the answer.</summary>
internal sealed class HttpScenario : IScenario
{
    private const string Secret = "not-a-real-secret";
    private const int PageSize = 500;

    public string Name => "http";

    public string Summary => "signed GitHub deliveries of 22 KB over a socket into a SQLite file, beside an endpoint that checks, parses and keeps nothing";

    public IReadOnlyList<Option> Options =>
    [
        new("mix", "merges,merged", "merges: seven deliveries of each; merged: only that a pull request was merged, the dearest there is; with commas between both"),
        new("payloads", "2000", "deliveries per round of the mix merged, each of a pull request of its own"),
        new("merges", "1000", "merges per round"),
        new("copies", "3", "how often each delivery of the merges is sent, in random order"),
        new("connections", "64", "how many connections send, each waiting for its answer"),
        new("rounds", "5", "measured rounds"),
    ];

    public async Task<IReadOnlyList<Row>> RunAsync(Arguments arguments, TextWriter log)
    {
        byte[] secret = Encoding.UTF8.GetBytes(Secret);
        // As a webhook tells it: it has just happened. Of what is months old every limit has run out, and all of it would be judged and alerted beside.
        var now = TimeProvider.System.GetUtcNow();
        var rows = new List<Row>();
        foreach (string mix in arguments.Text("mix").Split(','))
        {
            var deliveries = mix switch
            {
                "merges" => Deliveries.OfMerges(arguments.Number("merges"), arguments.Number("copies"), secret, now),
                "merged" => Deliveries.OfMergedPullRequests(arguments.Number("payloads"), secret, now),
                _ => throw new ArgumentException($"--mix knows no '{mix}'; use merges or merged."),
            };
            await log.WriteLineAsync(deliveries.Name);
            rows.Add(await MeasureAsync(deliveries, secret, arguments.Number("connections"), arguments.Number("rounds")));
        }
        return rows;
    }

    private static async Task<Row> MeasureAsync(Deliveries deliveries, byte[] secret, int connections, int rounds)
    {
        var sent = deliveries.Sent;
        int lost = 0, wrong = 0;
        var byHandSeconds = new List<double>();
        var runs = new List<Sender>();
        var duel = await Duel.RunAsync(rounds, OursAsync, TheirsAsync);
        List<double> answers = [.. runs.TakeLast(rounds).SelectMany(static r => r.AnswerSeconds)];
        var figures = new Dictionary<string, double>
        {
            ["signals"] = sent.Count,
            ["unique"] = deliveries.Unique,
            ["body_bytes"] = sent.Average(static p => p.Body.Length),
            ["seconds"] = Median(static r => r.Seconds),
        };
        var row = duel.Rate($"{deliveries.Name}, {connections} connections", "Kestrel, the whole body read, HMACSHA256.HashData, FixedTimeEquals, JsonDocument.Parse", "requests/s", sent.Count, figures);
        figures["signals_per_s"] = row.Ours.Median;
        figures["twin_per_s"] = row.Theirs.Median;
        // As a share of the twin's rate: 1 is as fast as the twin.
        figures["ratio"] = 1 / row.TimeRatio.Median;
        // Whoever writes our rows in as many transactions, and reads, checks and translates nothing: no record of them is faster than that.
        figures["rows_by_hand_per_s"] = sent.Count / Spread.Of(byHandSeconds.TakeLast(rounds)).Median;
        figures["p50_ms"] = Spread.Percentile(answers, 50) * 1000;
        figures["p99_ms"] = Spread.Percentile(answers, 99) * 1000;
        figures["alloc_bytes_per_signal"] = Median(r => (double)r.AllocatedBytes / sent.Count);
        figures["lost"] = lost;
        figures["wrong"] = wrong;
        return row;

        double Median(Func<Sender, double> of) => Spread.Of(runs.TakeLast(rounds).Select(of)).Median;

        async Task<double> OursAsync()
        {
            using var folder = new TempFolder();
            using var store = new CommitRecorder(new SqliteLoopStore(new SqliteOptions { Path = folder.File("record.db") }));
            Sender sender;
            await using (var server = await LocalServer.StartAsync(
                services => services.AddClosedLoop(loop => loop.UseStore(_ => store).AddGitHub(static github =>
                {
                    github.WebhookSecret = Secret;
                    github.Repositories.Add("acme/web");
                    github.CompleteWorkflows.Add("CI");
                })),
                static app => app.MapClosedLoopWebhooks("/hooks")))
            {
                sender = await Sender.SendAsync(server.Address, sent, connections);
            }
            ClaimFailedException.Unless(sender.Taken.Count == sent.Count, $"{sent.Count - sender.Taken.Count} deliveries were not answered with success.");
            runs.Add(sender);
            // A store of its own: only what is in the file counts.
            using var file = new SqliteLoopStore(new SqliteOptions { Path = folder.File("record.db") });
            await file.InitializeAsync(default);
            var told = await ToldAsync(file);
            lost = Math.Max(lost, sender.Taken.Count(p => !told.Contains((p.Subject, p.Kind))));
            wrong = Math.Max(wrong, await WrongAsync(file, deliveries));
            byHandSeconds.Add(await RowsByHand.OnFileAsync(folder, store.Recorded, deliveries.Copies));
            return sender.Seconds;
        }

        async Task<double> TheirsAsync()
        {
            await using var server = await LocalServer.StartAsync(static _ => { }, app => BareEndpoint.Map(app, secret));
            var sender = await Sender.SendAsync(server.Address, sent, connections);
            ClaimFailedException.Unless(sender.Taken.Count == sent.Count, "the twin refused a delivery.");
            return sender.Seconds;
        }
    }

    private static async Task<HashSet<(Key Subject, string Kind)>> ToldAsync(SqliteLoopStore store)
    {
        var told = new HashSet<(Key, string)>();
        for (RegisterId? after = null; ;)
        {
            var facts = await store.ReadFactsAsync(after, PageSize, default);
            if (facts.Count == 0) return told;
            told.UnionWith(facts.Select(static f => (f.Subject, f.Kind)));
            after = facts[^1].Register;
        }
    }

    /// <summary>Right is: the gates passed of which something was told, as the commit it was merged as, and nothing claimed of what nobody has said.</summary>
    private static async Task<int> WrongAsync(SqliteLoopStore store, Deliveries deliveries)
    {
        int wrong = 0;
        foreach (var page in deliveries.Sent.DistinctBy(static p => p.Item).Chunk(PageSize))
        {
            var items = (await store.FindItemsAsync([.. page.Select(static p => p.Item)], default)).ToDictionary(static i => i.State.Id, static i => i.State, StringComparer.Ordinal);
            wrong += page.Count(p => !items.TryGetValue(p.Item, out var state)
                || state.Gate(Gates.Merged)?.Revision != p.Sha
                || !deliveries.Passed.SetEquals(state.Gates.Where(static g => g.Status == GateStatus.Passed).Select(static g => g.Gate))
                || state.IsDone != deliveries.Passed.Contains(Gates.MainCi));
        }
        return wrong;
    }
}
