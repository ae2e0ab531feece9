using System.Text.Json;
using ClosedLoop.Adapters.GitHub;
using ClosedLoop.Adapters.GitHub.Webhooks;
using ClosedLoop.Adapters.Gitea.Observations;
using ClosedLoop.Adapters.Gitea.Probing;
using ClosedLoop.Adapters.Gitea.Webhooks;
using ClosedLoop.Adapters.SourceHosts;
using static ClosedLoop.Adapters.SourceHosts.HostExplanation;

namespace ClosedLoop.Adapters.Gitea;

/// <summary>Explains payloads and polled objects offline.</summary>
internal static class GiteaExplanation
{
    public static PayloadExplanation Explain(ReadOnlyMemory<byte> input, string? eventName)
    {
        var settings = GiteaSettings.ForExplanation;
        if (input.Length <= GiteaAdapter.MaxBodyBytes && input.Span.StartsWith("payload="u8) && FormBody.Payload(input.Span) is { } inForm) input = inForm;
        return new HostExplanation
        {
            EventOf = element => EventOf(element, eventName),
            Translate = new GiteaTranslator(settings).Translate,
            KindOf = element => KindOf(element, eventName),
            Read = (element, kind, harvest) => Read(element, kind, settings, harvest),
        }.Explain(input, GiteaAdapter.MaxBodyBytes);
    }

    private static string? Read(JsonElement element, string kind, GiteaSettings settings, Harvest harvest) => kind switch
    {
        "pull_request" => RepositoryOf(element.Text("base", "repo", "full_name"), element.Text("html_url"), "/pulls/") is { } r ? Missing(PullRequestObject.Read(element, null, r, settings, harvest)) : Missing("base.repo.full_name"),
        "review" => ReadReview(element, settings, harvest),
        "combined_status" => ReadStatuses(element, settings, harvest),
        "status" => ReadStatus(element, settings, harvest),
        "commit" => ReadCommit(element, settings, harvest),
        _ => "neither a webhook (repository and action, ref or state) nor a pull request, review, status or commit of the API; name it as the event",
    };

    // A webhook always names its repository and who caused it; objects of the API do not have both.
    private static string? EventOf(JsonElement element, string? eventName)
    {
        if (element.Member("repository") is null || (element.Member("sender") is null && element.Member("pusher") is null && element.Text("action") is null)) return null;
        if (!string.IsNullOrWhiteSpace(eventName)) return eventName.Trim();
        if (element.Member("pull_request") is not null) return "pull_request";
        if (element.Member("workflow_run") is not null) return "workflow_run";
        return element.Member("ref") is not null ? "push" : element.Member("state") is not null ? "status" : "unknown";
    }

    private static string KindOf(JsonElement element, string? eventName) => (eventName ?? "").Trim().ToLowerInvariant() switch
    {
        "pull_request" or "pull" or "pulls" => "pull_request",
        "review" or "reviews" => "review",
        "status" or "statuses" => element.Member("statuses") is not null ? "combined_status" : "status",
        "combined_status" or "rollup" => "combined_status",
        "commit" or "commits" => "commit",
        _ => element.Member("head") is not null && element.Member("base") is not null ? "pull_request"
            : element.Member("statuses") is not null ? "combined_status"
            : element.Member("submitted_at") is not null || element.Member("pull_request_url") is not null ? "review"
            : element.Member("parents") is not null ? "commit"
            : element.Member("context") is not null ? "status" : "",
    };

    private static string? ReadReview(JsonElement element, GiteaSettings settings, Harvest harvest)
    {
        string? url = element.Text("pull_request_url") ?? element.Text("html_url");
        if (RepositoryOf(null, url, "/pulls/") is not { } repository || url!.LastIndexOf("/pulls/", StringComparison.Ordinal) is not (>= 0 and var at)) return Missing("pull_request_url");
        string rest = url[(at + "/pulls/".Length)..];
        int end = rest.AsSpan().IndexOfAnyExceptInRange('0', '9');
        if (!int.TryParse(end < 0 ? rest : rest[..end], System.Globalization.CultureInfo.InvariantCulture, out int number) || number <= 0) return Missing("pull_request_url");
        return Missing(ReviewFacts.Read(element, repository, number, "", settings, harvest));
    }

    private static string? ReadStatuses(JsonElement element, GiteaSettings settings, Harvest harvest)
    {
        if (element.Text("sha") is not { } sha || !KeyText.IsCommit(sha)) return Missing("sha");
        if (RepositoryOf(element.Text("repository", "full_name"), element.Text("commit_url"), "/commit/") is not { } repository) return Missing("repository.full_name");
        var read = element.Elements("statuses").Select(static s => StatusObject.Read(s, "status")).ToList();
        StatusFacts.AddAll([.. read.OfType<StatusSeen>()], !read.Contains(null) && (element.Number("total_count") ?? 0) <= read.Count, repository, sha.ToLowerInvariant(), settings, harvest);
        return null;
    }

    private static string? ReadStatus(JsonElement element, GiteaSettings settings, Harvest harvest)
    {
        if (StatusObject.Read(element, "status") is not { } seen) return Missing("id, status or created_at");
        // …/api/v1/repos/OWNER/NAME/statuses/SHA
        string? url = element.Text("url");
        int mark = url?.LastIndexOf("/statuses/", StringComparison.Ordinal) ?? -1;
        if (mark < 0 || !KeyText.IsCommit(url![(mark + "/statuses/".Length)..])) return Missing("url");
        if (RepositoryOf(null, url, "/statuses/") is not { } repository) return Missing("url");
        StatusFacts.Add(seen, repository, url[(mark + "/statuses/".Length)..].ToLowerInvariant(), settings, harvest);
        return null;
    }

    private static string? ReadCommit(JsonElement element, GiteaSettings settings, Harvest harvest)
    {
        if (GiteaReader.ReadCommit(element) is not { } commit) return Missing("sha, parents or commit.committer.date");
        LineCommitFacts.Add(commit, RepositoryOf(null, element.Text("html_url"), "/commit/") ?? "unknown/unknown", null, false, settings.Host, harvest);
        harvest.Nothing = $"a commit with {commit.Parents.Length} parents: history, which is no fact";
        return null;
    }

    // Below the host's own path, and below the API's where it is an address of that.
    private static string? RepositoryOf(string? name, string? url, string marker)
    {
        if (RepositoryPath.IsValid(name, 2, 2)) return name;
        if (RepositoryPath.OfAddress(url, marker, 2, 20) is not { } path) return null;
        string[] parts = path.Split('/');
        return $"{parts[^2]}/{parts[^1]}";
    }
}
