using System.Collections.Immutable;
using System.Globalization;
using ClosedLoop.Core.Tests.Support;
using ClosedLoop.Facts;
using ClosedLoop.Lines;
using ClosedLoop.Storage;
using ClosedLoop.Storage.InMemory;

namespace ClosedLoop.Core.Tests.Lines;

/// <summary>What a rollout costs does not grow with the rollouts before it, whatever is known of what they run.</summary>
public sealed class RolloutCostTests
{
    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task A_rollout_reads_as_much_after_four_hundred_others_as_after_forty(bool line, bool onTheLine)
    {
        var store = new CountingStore();
        using var loop = new LoopFixture(store: store);
        int Commit(int rollout) => onTheLine ? rollout : 1_000_000 + rollout;
        CommitNode[] nodes = line ? [.. Enumerable.Range(1, 450).Select(static n => new CommitNode(Given.Repository, Sha(n), n == 1 ? [] : [Sha(n - 1)]))] : [];
        await TakeAsync(nodes);
        var reads = new List<int>();
        for (int rollout = 1; rollout <= 420; rollout++)
        {
            store.Rows = 0;
            await TakeAsync([], Given.Of(Given.Deployer, Key.Environment("production/web"), Gates.RolledOut, rollout, GateStatus.Passed) with
            {
                Environment = "production",
                Name = "web",
                Revision = Sha(Commit(rollout)),
                Attributes = ImmutableSortedDictionary<string, string>.Empty.Add(FactAttributes.Repository, Given.Repository),
            });
            reads.Add(store.Rows);
        }
        Assert.True(reads[^20..].Max() <= reads[20..40].Max() + 20, $"rows read by the last ones: {string.Join(' ', reads[^20..])}; by the early ones: {string.Join(' ', reads[20..40])}");

        Task TakeAsync(CommitNode[] history, params Fact[] facts) =>
            loop.Committer.CommitAsync([LoopFixture.Submission(facts) with { History = [.. history], Writers = [Given.Scm, Given.Deployer] }], null, default).AsTask();
    }

    private static string Sha(int number) => number.ToString("x40", CultureInfo.InvariantCulture);

    private sealed class CountingStore() : StoreDecorator(new InMemoryLoopStore())
    {
        public int Rows { get; set; }

        public override async ValueTask<IReadOnlyList<IReadOnlyList<IndexEntry>>> ScanAsync(IReadOnlyList<IndexRange> ranges, CancellationToken cancellationToken)
        {
            var found = await base.ScanAsync(ranges, cancellationToken);
            Rows += found.Sum(static f => f.Count);
            return found;
        }
    }
}
