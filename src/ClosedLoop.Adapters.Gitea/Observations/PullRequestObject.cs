using System.Text.Json;
using ClosedLoop.Adapters.GitHub;
using ClosedLoop.Adapters.SourceHosts;

namespace ClosedLoop.Adapters.Gitea.Observations;

/// <summary>Reads a pull request, which is one and the same object in webhooks and in the API.</summary>
internal static class PullRequestObject
{
    public static long? Number(JsonElement pull, JsonElement? payload) => (pull.Number("number") ?? payload?.Number("number")) is { } number and > 0 and <= int.MaxValue ? number : null;

    /// <returns>The field that is missing, or null.</returns>
    public static string? Read(JsonElement pull, JsonElement? payload, string repository, GiteaSettings settings, Harvest harvest)
    {
        if (Number(pull, payload) is not { } number) return "number";
        if (pull.Text("state") is not { } state) return "state";
        if (pull.Moment("created_at") is not { } created) return "created_at";
        if (pull.Moment("updated_at") is not { } updated) return "updated_at";
        if (pull.Text("head", "sha") is not { } head || !KeyText.IsCommit(head)) return "head.sha";
        if (pull.Text("head", "ref") is not { } headBranch) return "head.ref";
        if (pull.Text("base", "ref") is not { } baseBranch) return "base.ref";
        bool isMerged = pull.Flag("merged") == true;
        string? headRepository = pull.Text("head", "repo", "full_name");
        ChangeFacts.Add(
            new ChangeSeen
            {
                Repository = repository,
                Number = number,
                State = isMerged ? ChangeState.Merged : state switch { "open" => ChangeState.Open, "closed" => ChangeState.Closed, _ => ChangeState.Unknown },
                Word = state,
                CreatedAt = created,
                UpdatedAt = updated,
                Head = head.ToLowerInvariant(),
                HeadBranch = headBranch,
                HeadRepository = RepositoryPath.IsValid(headRepository, 2, 2) ? headRepository : null,
                BaseBranch = baseBranch,
                Title = pull.Text("title"),
                Body = pull.Text("body"),
                Url = pull.Text("html_url"),
                IsDraft = pull.Flag("draft") == true || GiteaText.IsDraftTitle(pull.Text("title")),
                ClosedAt = pull.Moment("closed_at"),
                MergedAt = isMerged ? pull.Moment("merged_at") ?? updated : null,
                Landing = isMerged && pull.Text("merge_commit_sha") is { } merge && KeyText.IsCommit(merge) ? merge.ToLowerInvariant() : null,
                Labels = [.. pull.Elements("labels").Select(static label => label.Text("name")).OfType<string>()],
            },
            settings.Host,
            harvest);
        return null;
    }
}
