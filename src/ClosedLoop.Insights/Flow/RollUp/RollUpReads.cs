using ClosedLoop.Storage;

namespace ClosedLoop.Insights.Flow.RollUp;

internal static class RollUpReads
{
    // Each part has a name that no other begins with, so one that is asked for by its name is one search.
    private const int FewParts = 50;

    /// <summary>Brings a roll-up in memory to what is stored.</summary>
    /// <returns>Whether the parts belonged to the head: false when another node wrote meanwhile, and the head must be read again.</returns>
    public static async ValueTask<bool> LoadAsync(this RollUpState state, ILoopStore store, StoredDocument? head, CancellationToken cancellationToken)
    {
        var wanted = state.Begin(head);
        if (wanted.Count == 0) return true;
        var versions = state.Head.Parts;
        int found = 0;
        if (wanted.Count <= FewParts)
        {
            foreach (string name in wanted)
                if (await store.DocumentAsync(name, cancellationToken).ConfigureAwait(false) is { } part) Take(part);
        }
        else
        {
            var names = wanted.ToHashSet(StringComparer.Ordinal);
            await foreach (var part in store.DocumentsAsync(PartNames.Parts, cancellationToken).ConfigureAwait(false))
                if (names.Contains(part.Name)) Take(part);
        }
        return found == wanted.Count;

        void Take(StoredDocument part)
        {
            if (versions[part.Name] != part.Version) return;
            state.Read(part);
            found++;
        }
    }
}
