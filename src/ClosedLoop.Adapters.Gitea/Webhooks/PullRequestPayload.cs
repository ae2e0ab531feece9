using System.Text.Json;
using ClosedLoop.Adapters.GitHub;
using ClosedLoop.Adapters.Gitea.Observations;
using ClosedLoop.Adapters.SourceHosts;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.Gitea.Webhooks;

/// <summary>Reads pull request events: every one carries the whole state; reviews carry little more than who and what. Each method returns the field that is missing, or null.</summary>
internal static class PullRequestPayload
{
    public static string? Read(JsonElement payload, string repository, GiteaSettings settings, Harvest harvest)
    {
        if (payload.Member("pull_request") is not { } pull) return "pull_request";
        // Gitea sends a review under either name.
        if (payload.Text("action") == "reviewed") return ReadReview(payload, repository, settings, harvest);
        if (PullRequestObject.Number(pull, payload) is not { } number) return "pull_request.number";
        // Older versions leave out times, and more: what is there then cannot be ordered, and only the look counts.
        if (PullRequestObject.Read(pull, payload, repository, settings, harvest) is { } missing && !settings.HasToken)
            harvest.Diagnostics.Add($"{Key.PullRequest(repository, number)}: its event lacks pull_request.{missing}, as older versions send it; set Gitea:Token to have it read");
        harvest.Hints.Add(Key.PullRequest(repository, number));
        return null;
    }

    public static string? ReadReview(JsonElement payload, string repository, GiteaSettings settings, Harvest harvest)
    {
        if (payload.Member("pull_request") is not { } pull || PullRequestObject.Number(pull, payload) is not { } number) return "pull_request.number";
        if (payload.Text("review", "type") is not { } type)
        {
            harvest.Nothing = "a comment on a pull request decides nothing";
            return null;
        }
        string state = type switch
        {
            "pull_request_review_approved" or "pull_request_approved" => ReviewFacts.Approved,
            "pull_request_review_rejected" or "pull_request_rejected" => ReviewFacts.RequestChanges,
            "pull_request_review_comment" or "pull_request_comment" => ReviewFacts.Comment,
            _ => type,
        };
        string? reviewer = payload.Text("sender", "login") ?? payload.Text("sender", "username");
        if (string.IsNullOrWhiteSpace(reviewer)) return "sender.login";
        // It has neither id, nor time, nor commit of its own: all of them are read soon. Older versions leave out even when the pull request was
        // updated; then there is nothing to order it by, and only the look counts.
        harvest.Hints.Add(Key.PullRequest(repository, number));
        if (pull.Moment("updated_at") is not { } updated)
        {
            if (!settings.HasToken) harvest.Diagnostics.Add($"{Key.PullRequest(repository, number)}: {reviewer}'s review ({SourceText.Quote(state).Trim('\'')}) has no time to order it by, as older versions send it; set Gitea:Token to have it read");
            return null;
        }
        ReviewFacts.Add(
            new ReviewSeen
            {
                Repository = repository,
                Number = number,
                Id = 0,
                State = state,
                IsDismissed = false,
                Reviewer = reviewer,
                Author = pull.Text("user", "login") ?? "",
                At = updated,
                SubmittedAt = updated,
                Commit = pull.Text("head", "sha") is { } sha && KeyText.IsCommit(sha) ? sha.ToLowerInvariant() : null,
                Url = pull.Text("html_url"),
            },
            settings,
            harvest);
        return null;
    }
}
