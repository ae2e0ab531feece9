using System.Collections.Immutable;
using System.Globalization;
using ClosedLoop.Facts;
using ClosedLoop.Hosting;
using ClosedLoop.Intake;
using ClosedLoop.Lines;
using ClosedLoop.Lines.Git;
using ClosedLoop.Migration;
using ClosedLoop.Storage.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace ClosedLoop.LoadRig.Line;

/// <summary>A record that knows the whole history of a line, and on which one change after the other lands, is built and rolled out.</summary>
internal sealed class LongLine : IDisposable
{
    private const string Repository = "acme/web";
    private static readonly Writer Scm = new(WriterRoles.SourceControl, "rig");
    private static readonly Writer Ci = new(WriterRoles.Ci, "rig");
    private static readonly Writer Deployer = new(WriterRoles.Deployer, "rig");
    private static readonly DateTimeOffset Start = new(2026, 6, 1, 9, 0, 0, TimeSpan.Zero);

    private readonly ServiceProvider _services;
    private string _head = "";
    private int _landed;

    private LongLine(string file) => _services = new ServiceCollection().AddClosedLoop(loop => loop.UseSqlite($"Data Source={file}")).BuildServiceProvider();

    public long Commits { get; private set; }

    public double LoadSeconds { get; private set; }

    /// <summary>What the load left on the managed heap.</summary>
    public long HeapBytes { get; private set; }

    public static long Heap() => GC.GetTotalMemory(forceFullCollection: true);

    public static async Task<LongLine> LoadAsync(string clone, string file)
    {
        var line = new LongLine(file);
        await line._services.GetRequiredService<ILoopQueries>().CountAsync();
        long heap = Heap(), start = Clock.Start();
        line.Commits = await line._services.GetRequiredService<ILoopMigration>().LoadHistoryAsync(line.RememberHead(GitLineHistory.ReadAsync(clone, Repository, "HEAD")));
        line.LoadSeconds = Clock.Seconds(start);
        line.HeapBytes = Heap() - heap;
        await line.SubmitAsync([line.Head()], []);
        return line;
    }

    /// <summary>A change lands; then it is built and rolled out, which is measured.</summary>
    public async Task<double> DecideAsync()
    {
        int number = ++_landed;
        string sha = ((1L << 40) + number).ToString("x40", CultureInfo.InvariantCulture);
        var node = new CommitNode(Repository, sha, [_head]);
        _head = sha;
        var (item, change) = (Key.Item($"BL-{number}"), Key.PullRequest(Repository, number));
        await SubmitAsync(
            [
                Fact(item, FactKinds.Item, Scm),
                Fact(change, Gates.PrOpened, Scm) with { Status = GateStatus.Passed, Links = [item] },
                Fact(change, Gates.Merged, Scm) with { Status = GateStatus.Passed },
                Fact(Key.Commit(Repository, sha), FactKinds.Landing, Scm) with { Revision = sha, Links = [change], Attributes = Attributes((FactAttributes.Branch, "main")) },
                Head(),
            ],
            [node]);
        var at = Attributes((FactAttributes.Repository, Repository));
        var build = Fact(Key.Build($"https://ci.acme.example/job/web/{number}"), Gates.MainCi, Ci) with { Ordinal = new Ordinal(number), Status = GateStatus.Passed, Name = "web", Revision = sha, Attributes = at };
        var rollout = Fact(Key.Environment("production/web"), Gates.RolledOut, Deployer) with { Ordinal = new Ordinal(number), Status = GateStatus.Passed, Name = "web", Environment = "production", Revision = sha, Attributes = at };
        long start = Clock.Start();
        await SubmitAsync([build], []);
        await SubmitAsync([rollout], []);
        double seconds = Clock.Seconds(start);
        var status = await _services.GetRequiredService<IClosedLoop>().GetStatusAsync(item.Value);
        var gates = status!.State.Gates.ToDictionary(static g => g.Gate, static g => g.Status);
        ClaimFailedException.Unless(gates[Gates.MainCi] == GateStatus.Passed && gates[Gates.RolledOut] == GateStatus.Passed, $"{item} was not released by its build and its rollout.");
        return seconds;
    }

    public void Dispose() => _services.Dispose();

    private async IAsyncEnumerable<IReadOnlyList<CommitNode>> RememberHead(IAsyncEnumerable<IReadOnlyList<CommitNode>> pages)
    {
        await foreach (var page in pages)
        {
            _head = page[^1].Sha;
            yield return page;
        }
    }

    private Fact Head() => Fact(Key.Branch(Repository, "main"), FactKinds.Head, Scm) with { Revision = _head };

    private async Task SubmitAsync(IEnumerable<Fact> facts, IEnumerable<CommitNode> nodes)
    {
        var result = await _services.GetRequiredService<IIntake>().SubmitAsync(new Submission { Source = "rig", ReceivedAt = Start.AddDays(30), Facts = [.. facts], History = [.. nodes], Writers = [Scm, Ci, Deployer] });
        ClaimFailedException.Unless(result is { Outcome: SubmissionOutcome.Committed, Refusals.Count: 0 }, $"the record did not take it: {result.Detail} {string.Join(" ", result.Refusals)}");
    }

    private Fact Fact(Key subject, string kind, Writer writer)
    {
        var at = Start.AddMinutes(_landed);
        return new Fact { Subject = subject, Kind = kind, Writer = writer, Ordinal = Ordinal.At(at), OccurredAt = at };
    }

    private static ImmutableSortedDictionary<string, string> Attributes(params (string Name, string Value)[] values) =>
        values.ToImmutableSortedDictionary(static v => v.Name, static v => v.Value, StringComparer.Ordinal);
}
