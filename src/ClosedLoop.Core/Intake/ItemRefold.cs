using ClosedLoop.Facts;
using ClosedLoop.Storage;

namespace ClosedLoop.Intake;

/// <summary>Folds items again although no fact changed: their rules did, or what is kept beside the facts.</summary>
internal sealed class ItemRefold(ILoopStore store, IIntake intake, TimeProvider time)
{
    private const int PerSubmission = 200;

    /// <summary>The stored items that a query finds, all pages of it.</summary>
    public async ValueTask<List<Key>> FindAsync(ItemQuery query, CancellationToken cancellationToken)
    {
        var items = new List<Key>();
        await foreach (var page in store.PagesAsync(query, cancellationToken).ConfigureAwait(false)) items.AddRange(page.Select(static r => Key.Item(r.State.Id)));
        return items;
    }

    /// <returns>How many came out differently.</returns>
    /// <exception cref="StoreUnavailableException">Some could not be folded now; those before them are.</exception>
    public async ValueTask<int> RunAsync(IEnumerable<Key> items, CancellationToken cancellationToken)
    {
        int changed = 0;
        foreach (var chunk in items.Chunk(PerSubmission))
        {
            var submission = new Submission { Source = "engine", ReceivedAt = time.GetUtcNow(), Touch = [.. chunk] };
            var result = await intake.SubmitAsync(submission, cancellationToken).ConfigureAwait(false);
            if (result.Outcome != SubmissionOutcome.Committed)
                throw new StoreUnavailableException($"Items could not be folded again, {chunk[0]} among them: {result.Detail} It is done again at the next start.");
            changed += result.ChangedItems.Count;
        }
        return changed;
    }
}
