using System.Runtime.CompilerServices;

namespace ClosedLoop.Storage;

/// <summary>Reads of documents that the store's contract leaves to its callers.</summary>
internal static class DocumentReads
{
    private const int Page = 1_000;

    /// <summary>All documents whose names begin so.</summary>
    public static async IAsyncEnumerable<StoredDocument> DocumentsAsync(this ILoopStore store, string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? after = null;
        while (true)
        {
            var page = await store.ReadDocumentsAsync(new DocumentQuery { Prefix = prefix, After = after, Limit = Page }, cancellationToken).ConfigureAwait(false);
            foreach (var document in page) yield return document;
            if (page.Count < Page) yield break;
            after = page[^1].Name;
        }
    }

    /// <summary>The document of exactly this name, or null.</summary>
    public static async ValueTask<StoredDocument?> DocumentAsync(this ILoopStore store, string name, CancellationToken cancellationToken)
    {
        // The shortest name that begins so is the name itself, and it sorts first.
        var found = await store.ReadDocumentsAsync(new DocumentQuery { Prefix = name, Limit = 1 }, cancellationToken).ConfigureAwait(false);
        return found is [var first] && first.Name == name ? first : null;
    }
}
