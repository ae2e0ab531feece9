using ClosedLoop.Testing.Sandbox.World;

namespace ClosedLoop.Testing.Sandbox.SourceHosts;

/// <summary>A pull request as the source host keeps it.</summary>
/// <param name="id">Unique among all that the host holds.</param>
/// <param name="number">Unique in its repository.</param>
/// <param name="plan">What is to become of it.</param>
/// <param name="baseSha">Where its branch began.</param>
/// <param name="revert">For a revert: its description.</param>
/// <param name="now">When it is opened.</param>
internal sealed class PullRequest(long id, int number, ChangePlan plan, string baseSha, string? revert, DateTimeOffset now)
{
    public long Id { get; } = id;

    public string Repository => plan.Repository;

    public int Number { get; } = number;

    public string Title => plan.Title;

    public string Author => plan.Author;

    public string Branch => plan.Branch;

    public string HeadSha => plan.HeadSha;

    public string BaseSha { get; } = baseSha;

    /// <summary>Who is asked to review it; null: nobody.</summary>
    public string? Reviewer => plan.ReviewedAfter is null ? null : plan.Reviewer;

    public string Body => revert ?? (plan.Link == ChangeLink.Trailer ? $"{plan.Title}.\n\nWork-Item: {plan.WorkItem}\n" : plan.Title + ".\n");

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
