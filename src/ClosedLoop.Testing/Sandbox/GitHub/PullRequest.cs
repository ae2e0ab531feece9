using System.Globalization;
using ClosedLoop.Testing.Sandbox.World;

namespace ClosedLoop.Testing.Sandbox.GitHub;

/// <summary>A pull request as the simulated GitHub keeps it.</summary>
internal sealed class PullRequest(long id, int number, ChangePlan plan, string baseSha, DateTimeOffset now)
{
    public long Id { get; } = id;

    public string Repository => plan.Repository;

    public int Number { get; } = number;

    public string Title => plan.Title;

    public string Author => plan.Author;

    public string Branch => plan.Branch;

    public string HeadSha => plan.HeadSha;

    public string BaseSha { get; } = baseSha;

    public string Body =>
        plan.Reverts is { } reverted ? string.Create(CultureInfo.InvariantCulture, $"Reverts {plan.Repository}#{reverted.Pull.Number}\n")
        : plan.Link == ChangeLink.Trailer ? $"{plan.Title}.\n\nWork-Item: {plan.WorkItem}\n"
        : plan.Title + ".\n";

    public DateTimeOffset CreatedAt { get; } = now;

    public DateTimeOffset UpdatedAt { get; private set; } = now;

    public DateTimeOffset? ClosedAt { get; private set; }

    public DateTimeOffset? MergedAt { get; private set; }

    public string? MergeSha { get; private set; }

    public bool IsDraft { get; private set; } = plan.DraftFor is not null;

    public bool IsOpen => ClosedAt is null;

    public List<PullRequestReview> Reviews { get; } = [];

    public void MarkReady(DateTimeOffset at)
    {
        IsDraft = false;
        UpdatedAt = at;
    }

    public void Add(PullRequestReview review)
    {
        Reviews.Add(review);
        UpdatedAt = review.SubmittedAt;
    }

    public void Close(DateTimeOffset at) => ClosedAt = UpdatedAt = at;

    public void Merge(string sha, DateTimeOffset at)
    {
        MergeSha = sha;
        MergedAt = at;
        Close(at);
    }
}
