using System.Collections.Immutable;
using System.Globalization;
using ClosedLoop.Adapters;
using ClosedLoop.Core.Tests.Support;
using ClosedLoop.Facts;
using ClosedLoop.Intake;
using ClosedLoop.Lines;

namespace ClosedLoop.Core.Tests.Lines;

/// <summary>Situations in which the delivery sandbox found the record claiming what was not so.</summary>
public sealed class SandboxFindingsTests : IDisposable
{
    private readonly LoopFixture _loop = new();

    public void Dispose() => _loop.Dispose();

    [Fact]
    public async Task A_head_beyond_a_gap_does_not_bring_back_what_was_reverted()
    {
        await TakeAsync([Node(1), Node(2, 1), Node(3, 2)], [Given.PrOpen(1, 1, Given.Item(1)), Given.Merged(1, 2, Given.Item(1)), Landed(2, 1, 2), Reverts(3, 2, 3), Head(3, 3)]);
        Assert.Equal(GateStatus.Failed, (await _loop.GateAsync("BL-1", Gates.Merged)).Status);

        // The push before this one was lost: its commit is known, and nothing of what is between.
        await TakeAsync([Node(5, 4)], [Landed(5, 2, 5), Given.PrOpen(2, 4), Given.Merged(2, 5), Head(5, 5)]);

        var gate = await _loop.GateAsync("BL-1", Gates.Merged);
        Assert.Equal((GateStatus.Failed, Reason.Regressed), (gate.Status, gate.Reason));
    }

    [Fact]
    public async Task A_target_that_runs_something_older_counts_although_the_landing_is_not_on_a_known_line_yet()
    {
        await TakeAsync([Node(1)], [Image("a", 1, 0), Runs("web", 1, "a", 0), Runs("batch", 1, "a", 0), Head(1, 0)]);
        await TakeAsync([], [Given.PrOpen(1, 1, Given.Item(1)), Given.Merged(1, 2, Given.Item(1)), Landed(2, 1, 2), Image("b", 2, 3)]);

        await TakeAsync([], [Runs("web", 2, "b", 4)]);
        Assert.NotEqual(GateStatus.Passed, (await _loop.GateAsync("BL-1", Gates.RolledOut)).Status);

        await TakeAsync([], [Runs("batch", 2, "b", 5)]);
        Assert.Equal(GateStatus.Passed, (await _loop.GateAsync("BL-1", Gates.RolledOut)).Status);
    }

    [Fact]
    public async Task Reading_a_line_does_not_put_off_the_next_sweep()
    {
        var source = new FakeSource();
        var adapter = source.Register(TimeSpan.FromSeconds(1));
        using var loop = new LoopFixture(l => l.AddAdapter(_ => ReadingLines(adapter)));
        int next = 1;
        // A busy line: whenever its head is read, there is another one already.
        source.Answer = batch => batch.Lines.IsEmpty ? null : ProbeResult.Reached([Head(++next, next)]) with { History = [Node(next - 1)] };
        await loop.Get<IIntake>().SubmitAsync(LoopFixture.Submission(Head(next, next)));

        await loop.RunAsync(TimeSpan.FromSeconds(10), TimeSpan.FromMilliseconds(100));

        Assert.True(source.Probes.Exists(p => !p.Lines.IsEmpty), "no line was asked for");
        Assert.InRange(source.Probes.Count(p => p.SweepSince is not null), 8, 13);
    }

    private static AdapterRegistration ReadingLines(AdapterRegistration real) => new()
    {
        Name = real.Name,
        Writers = real.Writers,
        Gates = real.Gates,
        Probe = real.Probe,
        PollInterval = real.PollInterval,
        ProbeSchemes = real.ProbeSchemes,
        ReadsLines = true,
    };

    private async Task TakeAsync(CommitNode[] history, Fact[] facts) =>
        await _loop.Get<IIntake>().SubmitAsync(LoopFixture.Submission(facts) with { History = [.. history] });

    private static string Sha(int commit) => commit.ToString("x40", CultureInfo.InvariantCulture);

    private static CommitNode Node(int commit, params int[] parents) => new(Given.Repository, Sha(commit), [.. parents.Select(Sha)]);

    private static Fact Landed(int commit, int number, double minute) =>
        Given.Landed(Sha(commit), number, minute) with { Attributes = ImmutableSortedDictionary<string, string>.Empty.Add(FactAttributes.Repository, Given.Repository).Add(FactAttributes.Branch, "main") };

    private static Fact Head(int commit, double minute) => Given.Of(Given.Scm, Given.Branch("main"), FactKinds.Head, minute, GateStatus.Passed) with { Revision = Sha(commit) };

    private static Fact Reverts(int commit, int undone, double minute) =>
        Given.Of(Given.Scm, Given.Commit(Sha(commit)), FactKinds.Revert, minute, GateStatus.Passed) with
        {
            Attributes = ImmutableSortedDictionary<string, string>.Empty.Add(FactAttributes.Reverts, Given.Commit(Sha(undone)).ToString()).Add(FactAttributes.How, "trailer"),
        };

    private static Fact Image(string digest, int commit, double minute) => Given.ImageBuilt(digest, minute, Given.Commit(Sha(commit)));

    private static Fact Runs(string target, long generation, string digest, double minute) =>
        Given.Of(Given.Deployer, Key.Environment("production/" + target), Gates.RolledOut, minute, GateStatus.Passed, links: Given.Image(digest)) with
        {
            Name = target,
            Environment = "production",
            Ordinal = new Ordinal(generation, 0, 4),
        };
}
