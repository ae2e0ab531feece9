using System.Text.Json;

namespace ClosedLoop.Adapters.Oci;

/// <summary>Reads a repository's tags, page by page. Their order says nothing, and they have no times (wire.md 5.2).</summary>
internal static class TagList
{
    private const string FirstPage = "?n=1000";
    private const int MaxPages = 200;

    /// <summary>The tags; none when there is no such repository.</summary>
    public static async Task<ReadOutcome<List<string>>> ReadAsync(RegistryClient client, RepositoryRule rule, CallBudget budget, List<string> diagnostics, CancellationToken cancellationToken)
    {
        var tags = new HashSet<string>(StringComparer.Ordinal);
        var pages = new HashSet<string>(StringComparer.Ordinal);
        for (string? page = FirstPage; page is not null && pages.Add(page);)
        {
            var answer = await client.TagsAsync(rule, page, budget, cancellationToken).ConfigureAwait(false);
            if (answer.Kind == SourceAnswerKind.Missing)
            {
                diagnostics.Add($"the registry has no repository {SourceText.Quote(rule.Name)} yet, or this user may not know of it; check Oci:Repositories:{rule.Index}:Name");
                break;
            }
            if (answer.Kind != SourceAnswerKind.Found) return ReadOutcome<List<string>>.Failed(answer);
            if (Read(answer.Body) is not { } read) return ReadOutcome<List<string>>.Failed(NoList());
            foreach (string tag in read)
                if (ImageRepository.IsTag(tag) && !ImageRepository.IsAttachmentTag(tag)) tags.Add(tag);
            page = Next(answer, rule, client.Address);
            if (tags.Count <= RegistryMemory.MaxTags && pages.Count < MaxPages) continue;
            diagnostics.Add($"{rule.Name} has more than {RegistryMemory.MaxTags} tags or {MaxPages} pages of them; the rest is not looked at: delete old tags");
            break;
        }
        return ReadOutcome<List<string>>.Of([.. tags.Order(StringComparer.Ordinal).Take(RegistryMemory.MaxTags)]);
    }

    private static List<string>? Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind != JsonValueKind.Object ? null : [.. document.RootElement.Elements("tags").Select(static t => t.AsText()).OfType<string>()];
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // <…/tags/list?n=…&last=…>; rel="next": only the query is taken, so that it leads nowhere else.
    private static string? Next(SourceAnswer answer, RepositoryRule rule, Uri address)
    {
        if (answer.Headers is not { } headers || !headers.TryGetValues("Link", out var links)) return null;
        foreach (string link in links)
        {
            int open = link.IndexOf('<', StringComparison.Ordinal), close = link.IndexOf('>', StringComparison.Ordinal);
            if (open < 0 || close < open || close - open > 2000 || !link.AsSpan(close).Contains("next", StringComparison.OrdinalIgnoreCase)) continue;
            var list = new Uri(address, $"v2/{rule.Name}/tags/list");
            if (Uri.TryCreate(list, link[(open + 1)..close], out var next) && next.AbsolutePath == list.AbsolutePath && next.Query.Length > 1) return next.Query;
        }
        return null;
    }

    private static SourceAnswer NoList() => new()
    {
        Kind = SourceAnswerKind.Unreachable,
        StatusCode = 200,
        Detail = "the registry answered with something that is not a list of tags; check that Oci:Address is the registry and not a page before it",
    };
}
