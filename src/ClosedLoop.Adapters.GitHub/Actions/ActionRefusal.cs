using ClosedLoop.Adapters.GitHub.GraphQl;

namespace ClosedLoop.Adapters.GitHub.Actions;

/// <summary>
/// Which refusal an error of GraphQL is. GitHub names most only in words, which come with status 200 and the type <c>UNPROCESSABLE</c>; words that are not
/// known are a refusal without a name. Pure.
/// </summary>
internal static class ActionRefusal
{
    private static readonly (string Words, GitHubActionOutcome Outcome)[] Known =
    [
        ("auto merge is not allowed", GitHubActionOutcome.AutoMergeNotAllowed),
        ("is in clean status", GitHubActionOutcome.NothingToWaitFor),
        ("is in unstable status", GitHubActionOutcome.Unstable),
        ("already in the queue", GitHubActionOutcome.AlreadyDone),
        ("already queued", GitHubActionOutcome.AlreadyDone),
        ("already in the merge queue", GitHubActionOutcome.AlreadyDone),
        ("already merged", GitHubActionOutcome.AlreadyDone),
        ("merge queue is not enabled", GitHubActionOutcome.NoMergeQueue),
        ("no merge queue", GitHubActionOutcome.NoMergeQueue),
        ("head branch was modified", GitHubActionOutcome.HeadMoved),
        ("expected head", GitHubActionOutcome.HeadMoved),
        ("head sha", GitHubActionOutcome.HeadMoved),
        ("revert", GitHubActionOutcome.RevertConflicts),
        ("is in draft", GitHubActionOutcome.NotMergeable),
        ("is a draft", GitHubActionOutcome.NotMergeable),
        ("is closed", GitHubActionOutcome.NotMergeable),
        ("not mergeable", GitHubActionOutcome.NotMergeable),
        ("merge conflict", GitHubActionOutcome.NotMergeable),
        ("is in dirty status", GitHubActionOutcome.NotMergeable),
        ("is in blocked status", GitHubActionOutcome.NotMergeable),
    ];

    public static GitHubActionOutcome Of(GraphQlErrors.Entry error)
    {
        switch (error.Type)
        {
            case "FORBIDDEN" or "INSUFFICIENT_SCOPES":
                return GitHubActionOutcome.Forbidden;
            case "NOT_FOUND":
                return GitHubActionOutcome.NotFound;
        }
        foreach (var (words, outcome) in Known)
            if (error.Message.Contains(words, StringComparison.OrdinalIgnoreCase))
                return outcome;
        return GitHubActionOutcome.Refused;
    }
}
