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
        new("payloads", "2000", "deliveries per round, each of a pull request of its own"),
        new("connections", "16", "how many connections send, each waiting for its answer"),
        new("rounds", "5", "measured rounds"),
    ];

    public async Task<IReadOnlyList<Row>> RunAsync(Arguments arguments, TextWriter log)
    {
        byte[] secret = Encoding.UTF8.GetBytes(Secret);
        int connections = arguments.Number("connections"), rounds = arguments.Number("rounds"), lost = 0, wrong = 0;
        // As a webhook tells it: it has just happened. Of what is months old every limit has run out, and all of it would be judged and alerted beside.
        var now = TimeProvider.System.GetUtcNow();
        List<SignedPayload> payloads = [.. Enumerable.Range(1, arguments.Number("payloads")).Select(n => SignedPayload.Of(n, secret, now))];
        var byHandSeconds = new List<double>();
        var waits = new List<IReadOnlyList<double>>();
        var duel = await Duel.RunAsync(rounds, OursAsync, TheirsAsync);
        List<double> answers = [.. waits.TakeLast(rounds).SelectMany(static w => w)];
        var figures = new Dictionary<string, double> { ["payloads"] = payloads.Count, ["body_bytes"] = payloads[0].Body.Length };
        var row = duel.Rate($"{connections} connections", "Kestrel, the whole body read, HMACSHA256.HashData, FixedTimeEquals, JsonDocument.Parse", "requests/s", payloads.Count, figures);
        figures["requests_per_s"] = row.Ours.Median;
        figures["twin_per_s"] = row.Theirs.Median;
        // As a share of the twin's rate: 1 is as fast as the twin.
        figures["ratio"] = 1 / row.TimeRatio.Median;
        // Whoever writes our rows in as many transactions, and reads, checks and translates nothing: no record of them is faster than that.
        figures["rows_by_hand_per_s"] = payloads.Count / Spread.Of(byHandSeconds.TakeLast(rounds)).Median;
        figures["p50_ms"] = Spread.Percentile(answers, 50) * 1000;
        figures["p99_ms"] = Spread.Percentile(answers, 99) * 1000;
        figures["lost"] = lost;
        figures["wrong"] = wrong;
        return [row];

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
                })),
                static app => app.MapClosedLoopWebhooks("/hooks")))
            {
                sender = await Sender.SendAsync(server.Address, payloads, connections);
            }
            ClaimFailedException.Unless(sender.Taken.Count == payloads.Count, $"{payloads.Count - sender.Taken.Count} deliveries were not answered with success.");
            waits.Add(sender.AnswerSeconds);
            // A store of its own: only what is in the file counts.
            using var file = new SqliteLoopStore(new SqliteOptions { Path = folder.File("record.db") });
            await file.InitializeAsync(default);
            var merged = await MergedAsync(file);
            lost = Math.Max(lost, sender.Taken.Count(p => !merged.Contains(Key.PullRequest("acme/web", p.Number))));
            wrong = Math.Max(wrong, await WrongAsync(file, sender.Taken));
            byHandSeconds.Add(await RowsByHand.OnFileAsync(folder, store.Recorded, copies: 1));
            return sender.Seconds;
        }

        async Task<double> TheirsAsync()
        {
            await using var server = await LocalServer.StartAsync(static _ => { }, app => BareEndpoint.Map(app, secret));
            var sender = await Sender.SendAsync(server.Address, payloads, connections);
            ClaimFailedException.Unless(sender.Taken.Count == payloads.Count, "the twin refused a delivery.");
            return sender.Seconds;
        }
    }

    private static async Task<HashSet<Key>> MergedAsync(SqliteLoopStore store)
    {
        var subjects = new HashSet<Key>();
        for (RegisterId? after = null; ;)
        {
            var facts = await store.ReadFactsAsync(after, PageSize, default);
            if (facts.Count == 0) return subjects;
            subjects.UnionWith(facts.Where(static f => f is { Kind: Gates.Merged, Status: GateStatus.Passed }).Select(static f => f.Subject));
            after = facts[^1].Register;
        }
    }

    /// <summary>Right is: opened and merged as that commit, by the pull request of its number, and nothing claimed of what nobody has said.</summary>
    private static async Task<int> WrongAsync(SqliteLoopStore store, IReadOnlyList<SignedPayload> taken)
    {
        int right = 0;
        foreach (var page in taken.Chunk(PageSize))
        {
            var items = (await store.FindItemsAsync([.. page.Select(static p => p.Item)], default)).ToDictionary(static i => i.State.Id, static i => i.State, StringComparer.Ordinal);
            right += page.Count(p => items.TryGetValue(p.Item, out var state)
                && state.Gate(Gates.PrOpened)?.Status == GateStatus.Passed
                && state.Gate(Gates.Merged) is { Status: GateStatus.Passed } merged && merged.Revision == p.Sha && merged.Subject == Key.PullRequest("acme/web", p.Number)
                && state.Gates.Count(static g => g.Status == GateStatus.Passed) == 2 && !state.IsDone);
        }
        return taken.Count - right;
    }
}
