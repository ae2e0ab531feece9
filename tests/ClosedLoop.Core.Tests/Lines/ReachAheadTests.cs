using ClosedLoop.Core.Tests.Support;
using ClosedLoop.Facts;
using ClosedLoop.Intake;
using ClosedLoop.Storage;
using ClosedLoop.Storage.InMemory;

namespace ClosedLoop.Core.Tests.Lines;

/// <summary>What the facts of a batch lead up to is asked of the line index together with their neighbourhood: behind a network each further question is a round trip.</summary>
public sealed class ReachAheadTests
{
    private const int Merges = 40, FirstBatches = 10;

    [Fact]
    public async Task Deliveries_of_merges_in_any_order_are_folded_from_one_read_a_batch()
    {
        for (int seed = 0; seed < 5; seed++)
        {
            var store = new CountingStore(new InMemoryLoopStore());
            using var loop = new LoopFixture(store: store);
            Fact[] facts = [.. Enumerable.Range(1, Merges).SelectMany(OfMerge)];
            new Random(seed).Shuffle(facts);
            int batches = 0, first = 0;
            foreach (var batch in facts.Chunk(8))
            {
                batches++;
                var result = await loop.Get<IIntake>().SubmitAsync(LoopFixture.Submission(batch));
                Assert.Equal(SubmissionOutcome.Committed, result.Outcome);
                Assert.Empty(result.Refusals);
                if (batches == FirstBatches) first = store.Scans;
            }
            // What a line is, and which series it has, is read once.
            Assert.InRange(first, 0, FirstBatches);
            Assert.Equal(first, store.Scans);
            Assert.Equal(batches, store.Loads);
        }
    }

    private static Fact[] OfMerge(int number)
    {
        string sha = $"{number:x}".PadLeft(40, 'a'), digest = $"{number:x}".PadLeft(64, 'b');
        var deployment = Key.Deployment($"cluster/{number}");
        return
        [
            Given.PrOpen(number, 1, Given.Item(number)),
            Given.Review(number, "ann", GateStatus.Passed, 2),
            Given.Merged(number, 3),
            Given.Landed(sha, number, 3),
            Given.Built(number, GateStatus.Passed, 5, sha),
            Given.ImageBuilt(digest, 6, Given.Commit(sha)),
            Given.Of(Given.Deployer, deployment, Gates.RolledOut, 7, GateStatus.Passed, links: Given.Image(digest)),
            Given.Of(Given.Health, deployment, Gates.Healthy, 8, GateStatus.Passed, links: Given.Image(digest)),
        ];
    }

    private sealed class CountingStore(ILoopStore inner) : StoreDecorator(inner)
    {
        public int Scans { get; private set; }

        public int Loads { get; private set; }

        public override ValueTask<IReadOnlyList<IReadOnlyList<IndexEntry>>> ScanAsync(IReadOnlyList<IndexRange> ranges, CancellationToken cancellationToken)
        {
            Scans++;
            return base.ScanAsync(ranges, cancellationToken);
        }

        public override ValueTask<Neighbourhood> LoadAsync(LoadRequest request, CancellationToken cancellationToken)
        {
            if (request.ForCommit) Loads++;
            return base.LoadAsync(request, cancellationToken);
        }
    }
}
