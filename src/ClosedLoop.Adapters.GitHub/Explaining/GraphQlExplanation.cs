using System.Text.Json;
using ClosedLoop.Adapters.GitHub.GraphQl;
using ClosedLoop.Adapters.GitHub.Observations;

namespace ClosedLoop.Adapters.GitHub.Explaining;

/// <summary>Explains pull requests, commits and their checks in an answer of GraphQL, whatever its aliases are called. Pure.</summary>
internal static class GraphQlExplanation
{
    private const int MaxDepth = 12;

    private static readonly GitHubSettings Settings = new(new GitHubOptions { AllowAnyRepository = true, WebhookSecret = "nothing is received" });

    /// <summary>Null when it is no such answer.</summary>
    public static PayloadExplanation? Explain(JsonElement root)
    {
        var harvest = new Harvest();
        var unnamed = new List<string>();
        bool found = Read(root, null, harvest, unnamed, 0);
        if (!found && !root.Field("data").IsObject() && root.Field("errors").ValueKind != JsonValueKind.Array) return null;
        var errors = GraphQlErrors.Read(root);
        if (errors.IsRateLimited) harvest.Diagnostics.Add("GitHub limited the rate: this answer says nothing of what was asked");
        else if (errors.First is { } first) harvest.Diagnostics.Add($"the answer has an error: {SourceText.Quote(first)}; what it left out is not known, and is not gone");
        if (harvest.Facts.Count == 0 && unnamed.Count == 0) unnamed.Add("no pull request and no commit with checks is in this answer");
        return PayloadExplanation.Of(harvest.Facts.Distinct()) with { Ignored = [.. unnamed], Diagnostics = [.. harvest.Diagnostics.Distinct(StringComparer.Ordinal)] };
    }

    private static bool Read(JsonElement element, string? repository, Harvest harvest, List<string> unnamed, int depth)
    {
        if (depth > MaxDepth) return false;
        if (element.ValueKind == JsonValueKind.Array)
        {
            bool any = false;
            foreach (var item in element.EnumerateArray()) any |= Read(item, repository, harvest, unnamed, depth + 1);
            return any;
        }
        if (!element.IsObject()) return false;
        repository = RepositoryOf(element) ?? repository;
        if (element.Text("headRefOid") is not null)
        {
            if (repository is null || element.Long("number") is not (> 0 and <= int.MaxValue and var number)) unnamed.Add("a pull request without its repository (nameWithOwner or url) or number");
            else if (!GraphQlPullRequest.Read(new GraphQlSubject(repository, number, null), element, Settings, harvest)) unnamed.Add($"{repository}#{number}: a field is missing that the schema promises");
            return true;
        }
        if (element.Text("oid") is { } oid && element.Field("statusCheckRollup").IsObject())
        {
            if (repository is null || !KeyText.IsCommit(oid))
            {
                unnamed.Add("the checks of a commit without its repository (nameWithOwner or url) or its full id; use the event rollup to judge them alone");
                return true;
            }
            var commit = new GraphQlCommit(new GraphQlSubject(repository, null, oid.ToLowerInvariant()));
            commit.ReadFirst(element, harvest);
            commit.Finish(Settings, harvest);
            return true;
        }
        bool found = false;
        foreach (var member in element.EnumerateObject()) found |= Read(member.Value, repository, harvest, unnamed, depth + 1);
        return found;
    }

    private static string? RepositoryOf(JsonElement element)
    {
        string? name = element.Text("nameWithOwner");
        if (name is null && element.Text("url") is { Length: <= 2000 } url && Uri.TryCreate(url, UriKind.Absolute, out var address) &&
            address.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries) is [var owner, var repository, "pull" or "commit", ..])
            name = $"{owner}/{repository}";
        return RepositoryName.IsValid(name) ? name!.ToLowerInvariant() : null;
    }
}
