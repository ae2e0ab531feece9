using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ClosedLoop.Alerting;
using ClosedLoop.Alerting.Evaluation;
using ClosedLoop.Alerting.Incidents;
using ClosedLoop.Facts;
using ClosedLoop.Hosting;
using ClosedLoop.Intake;
using ClosedLoop.Items;
using ClosedLoop.Lines;
using ClosedLoop.LoadRig.Ingest;
using ClosedLoop.Storage;
using ClosedLoop.Storage.InMemory;
using ClosedLoop.Storage.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace ClosedLoop.LoadRig.Board;

/// <summary>
/// Fills a file with what a dashboard asks for. Items go straight to the store, in commits of thousands: each folded by the engine's own code from the facts that its sources
/// would tell, and a sample of them compared with what the intake makes of the same facts. Lines go through the intake. Registers, deliveries and the fact log of the items, which no
/// query of the dashboard reads, are left out.
/// </summary>
internal static class BoardFill
{
    public const int LineCommits = 2_000, Quarantined = 2_000, Incidents = 200, Lines = 100;
    private const int ItemsPerCommit = 4_000;
    private const int Samples = 28;

    // The log of what was completed long ago is as long as the rest; one entry in eight of it shows what a long log costs.
    private const int LoggedOneIn = 8;

    public static async Task WriteAsync(ILoopStore store, int open, int completed, TextWriter log)
    {
        await CheckAsync(completed + 1, open);
        long start = Clock.Start();
        int total = open + completed, written = 0;
        Task<StoreCommit>? next = null;
        for (int first = 1; first <= total + ItemsPerCommit; first += ItemsPerCommit)
        {
            int from = first, to = Math.Min(first + ItemsPerCommit - 1, total);
            var made = from <= to ? Task.Run(() => Make(from, to, completed)) : null;
            if (next is not null)
            {
                await store.CommitAsync(await next, default);
                written += ItemsPerCommit;
                if (written % 200_000 == 0) await log.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{written} items, {written / Clock.Seconds(start):N0} a second"));
            }
            next = made;
        }
        await FillRestAsync(store);
        // The last: the host closes the store.
        await FillLinesAsync(store);
    }

    /// <summary>The rows that this writes are those that the intake makes.</summary>
    public static async Task CheckAsync(int firstOpen, int open)
    {
        var store = new InMemoryLoopStore();
        await using var services = Host(store);
        var intake = services.GetRequiredService<IIntake>();
        await services.GetRequiredService<ILoopQueries>().CountAsync();
        var items = Enumerable.Range(0, Samples).Select(i => i % 2 == 0 ? new BoardItem(firstOpen + (int)((long)(open - 1) * i / Samples), completed: false) : new BoardItem(i, completed: true)).ToList();
        foreach (var item in items)
        {
            foreach (var delivery in item.Deliveries())
                ClaimFailedException.Unless(await intake.SubmitAsync(delivery) is { Outcome: SubmissionOutcome.Committed, Refusals: [] }, $"{item.Id}: a delivery was not taken.");
            var made = (await store.FindItemsAsync([item.Id], default)).Single();
            var row = item.Row();
            string expected = StoredJson.Write(made.State), found = row.Json!;
            ClaimFailedException.Unless(expected == found && made.Version == row.Version && made.State.IsDone == (item.Stage == BoardItem.Stages), $"{item.Id} is not what the intake makes of it: {found} version {row.Version} for {expected} version {made.Version}");
        }
    }

    public static ServiceProvider Host(ILoopStore store, TimeProvider? time = null) => new ServiceCollection()
        .AddSingleton(time ?? TimeProvider.System)
        .AddClosedLoop(loop =>
        {
            loop.UseStore(_ => store).AddAdapter(static _ => SilentSource.Registration()).AddAlerting(static _ => { });
            foreach (var pipeline in BoardItem.Pipelines) loop.AddPipeline(pipeline.Name, static p => p.UseDefaultGates().DoneWhen(Done.Healthy));
        })
        .BuildServiceProvider();

    private static StoreCommit Make(int from, int to, int completed)
    {
        var items = new ItemRecord[to - from + 1];
        var log = new List<Transition>[items.Length];
        Parallel.For(0, items.Length, i =>
        {
            var item = new BoardItem(from + i, from + i <= completed);
            items[i] = item.Row();
            log[i] = item.Stage < BoardItem.Stages || item.Number % LoggedOneIn == 0 ? [.. item.Log()] : [];
        });
        return new StoreCommit
        {
            At = items[^1].UpdatedAt,
            Items = items,
            Transitions = [.. log.SelectMany(static l => l)],
            Due = [.. items.Where(static i => !i.State.IsDone).Select(static i => new DueChange { Subject = Key.Item(i.State.Id), Kind = DueKinds.Probe + SilentSource.Name, DueAt = DateTimeOffset.MaxValue.AddDays(-1) })],
        };
    }

    // One long line with a build and an image for most commits, and many short ones.
    private static async Task FillLinesAsync(ILoopStore store)
    {
        await using var services = Host(store);
        var intake = services.GetRequiredService<IIntake>();
        await services.GetRequiredService<ILoopQueries>().CountAsync();
        await FillLineAsync(intake, "acme/long", "main", LineCommits);
        for (int i = 0; i < Lines - 1; i++) await FillLineAsync(intake, $"acme/short-{i / 2}", i % 2 == 0 ? "main" : "release", 20);
    }

    private static async Task FillLineAsync(IIntake intake, string repository, string branch, int commits)
    {
        const int page = 50;
        var start = new DateTimeOffset(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);
        Writer scm = new(WriterRoles.SourceControl, "github"), ci = new(WriterRoles.Ci, "jenkins"), deployer = new(WriterRoles.Deployer, "cluster"), health = new(WriterRoles.Health, "cluster"), registry = new(WriterRoles.Registry, "registry");
        for (int first = 1; first <= commits; first += page)
        {
            var history = new List<CommitNode>();
            var facts = new List<Fact>();
            for (int n = first; n < first + page && n <= commits; n++)
            {
                var at = start.AddMinutes(10 * n);
                history.Add(new CommitNode(repository, Sha(n), n == 1 ? [] : [Sha(n - 1)]));
                var pr = Key.PullRequest(repository, branch == "main" ? n : 100_000 + n);
                var commit = Key.Commit(repository, Sha(n));
                facts.Add(Of(pr, Gates.PrOpened, scm, at.AddMinutes(-30)));
                facts.Add(Of(pr, Gates.Merged, scm, at) with { Revision = Sha(n) });
                facts.Add(Of(commit, FactKinds.Landing, scm, at, pr) with { Status = GateStatus.Waiting, Revision = Sha(n), Attributes = Attributes((FactAttributes.Branch, branch)) });
                if (n % 5 == 0) continue;
                foreach (string job in new[] { "unit", "e2e" })
                    facts.Add(Of(Key.Build($"https://ci.example/{repository}/{branch}/{job}/{n}"), Gates.MainCi, ci, at.AddMinutes(8), commit) with { Name = job, Revision = Sha(n), Status = n % 11 == 0 ? GateStatus.Failed : GateStatus.Passed, Attributes = Attributes((FactAttributes.Repository, repository)) });
                facts.Add(Of(Key.Image($"sha256:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{repository} {branch} {n}")))}"), Gates.ImageBuilt, registry, at.AddMinutes(9), commit) with { Revision = Sha(n), Attributes = Attributes((FactAttributes.Repository, repository)) });
            }
            int newest = Math.Min(first + page - 1, commits);
            facts.Add(Of(Key.Branch(repository, branch), FactKinds.Head, scm, start.AddMinutes(10 * newest)) with { Revision = Sha(newest) });
            if (branch == "main")
                foreach (string target in new[] { "eu", "us", "asia", "staging" })
                {
                    var rollout = Of(Key.Environment($"production/{target}"), Gates.RolledOut, deployer, start.AddMinutes((10 * newest) + 5)) with { Environment = $"production-{repository}", Name = target, Revision = Sha(newest), Attributes = Attributes((FactAttributes.Repository, repository)), Subject = Key.Environment($"production-{repository.Replace('/', '-')}/{target}") };
                    facts.Add(rollout);
                    facts.Add(rollout with { Kind = Gates.Healthy, Writer = health, OccurredAt = rollout.OccurredAt.AddMinutes(1), Ordinal = Ordinal.At(rollout.OccurredAt.AddMinutes(1)) });
                }
            var result = await intake.SubmitAsync(new Submission { Source = SilentSource.Name, ReceivedAt = start.AddMinutes(10 * newest), Facts = [.. facts], History = [.. history], Writers = [.. facts.Select(static f => f.Writer).Distinct()] });
            ClaimFailedException.Unless(result is { Outcome: SubmissionOutcome.Committed, Refusals: [] }, $"a line was not taken: {result.Detail} {string.Join(" ", result.Refusals)}");
        }

        string Sha(int n) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"commit {repository} {branch} {n}")))[..40];
    }

    private static async Task FillRestAsync(ILoopStore store)
    {
        var at = new DateTimeOffset(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);
        await store.CommitAsync(
            new StoreCommit
            {
                At = at,
                Quarantine = [.. Enumerable.Range(0, Quarantined).Select(i => new QuarantineEntry { Id = $"q{i}", Source = "github", Kind = QuarantineKind.Poison, Detail = "no JSON", Body = new byte[500], ReceivedAt = at.AddSeconds(i) })],
                Documents =
                [
                    .. Enumerable.Range(0, Incidents).Select(i => new Incident
                    {
                        Id = $"i{i:000}", Cause = $"overdue|{i}", CauseKind = CauseKinds.Gate, State = i % 4 == 0 ? IncidentState.Resolved : IncidentState.Firing, Title = $"{BoardItem.Repository(i)}: 12 items overdue", Summary = "since an hour",
                        NextAction = "look", Since = at.AddMinutes(i), FiredAt = at.AddMinutes(i), LastSeenAt = at.AddMinutes(i), Count = 12, Repository = BoardItem.Repository(i), Items = [.. Enumerable.Range(i, 12).Select(static n => $"W-{n:0000000}")],
                    }).Select(static i => new DocumentChange(DocumentNames.Incident(i.Id), IncidentTable.Write(i), 0)),
                ],
            },
            default);
    }

    private static Fact Of(Key subject, string kind, Writer writer, DateTimeOffset at, params Key[] links) =>
        new() { Subject = subject, Kind = kind, Writer = writer, Ordinal = Ordinal.At(at), OccurredAt = at, Status = GateStatus.Passed, Links = [.. links] };

    private static ImmutableSortedDictionary<string, string> Attributes(params (string Name, string Value)[] values) =>
        ImmutableSortedDictionary.ToImmutableSortedDictionary(values, static v => v.Name, static v => v.Value, StringComparer.Ordinal);
}
