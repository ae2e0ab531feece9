using System.Collections.Immutable;
using ClosedLoop.Core.Tests.Support;
using ClosedLoop.Facts;
using ClosedLoop.Intake;
using ClosedLoop.Lines;
using ClosedLoop.Storage;
using ClosedLoop.Storage.InMemory;

namespace ClosedLoop.Core.Tests.Intake;

/// <summary>Two nodes tell one line's history at the same time: whatever one of them stores between two reads of the other, nothing is taken for poison.</summary>
public sealed class TwoNodesOneLineTests
{
    private static readonly string[] Shas = [.. Enumerable.Range(0, 12).Select(static i => $"{i:x}".PadLeft(40, 'c'))];

    [Fact]
    public async Task What_is_stored_between_two_reads_of_a_batch_is_a_conflict_and_no_poison()
    {
        for (int split = 1; split < 11; split++)
        {
            for (int read = 1; read <= 12; read++)
            {
                var shared = new InMemoryLoopStore();
                using var other = new LoopFixture(store: shared);
                await other.Get<IIntake>().SubmitAsync(History(0, 1, 8));
                var store = new Interrupted(shared, read, async () => await other.Get<IIntake>().SubmitAsync(History([.. Enumerable.Range(2, 9).Where(i => i % 3 != split % 3 && i != 8)])));
                using var loop = new LoopFixture(store: store);
                var result = await loop.Get<IIntake>().SubmitAsync(History([.. Enumerable.Range(2, 10).Where(i => i % 3 == split % 3 || i > split)]));
                Assert.True(result.Outcome == SubmissionOutcome.Committed, $"split {split}, read {read}: {result.Outcome} {result.Detail}");
                Assert.Empty(await loop.QuarantineAsync());
            }
        }
    }

    // A line of which every third commit merges the one four before it.
    private static Submission History(params int[] commits) => LoopFixture.Submission(commits.Where(static i => i == 8).Select(static i => Given.Landed(Shas[i], i, i))) with
    {
        Writers = [Given.Scm],
        History = [.. commits.Select(static i => new CommitNode(Given.Repository, Shas[i], Parents(i)))],
    };

    private static ImmutableArray<string> Parents(int i) => i == 0 ? [] : i % 3 == 0 && i > 4 ? [Shas[i - 1], Shas[i - 4]] : [Shas[i - 1]];

    private sealed class Interrupted(ILoopStore inner, int read, Func<Task> meanwhile) : StoreDecorator(inner)
    {
        private int _reads;

        public override async ValueTask<IReadOnlyList<IReadOnlyList<IndexEntry>>> ScanAsync(IReadOnlyList<IndexRange> ranges, CancellationToken cancellationToken)
        {
            if (++_reads == read) await meanwhile();
            return await base.ScanAsync(ranges, cancellationToken);
        }
    }
}
