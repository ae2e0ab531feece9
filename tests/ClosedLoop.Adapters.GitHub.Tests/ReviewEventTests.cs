using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.GitHub.Tests;

public sealed class ReviewEventTests
{
    private static readonly Translation Opened = Hook.Translate("pull_request", Payloads.PullRequest("opened", 0));

    [Fact]
    public void An_approval_passes_the_review_gate()
    {
        var review = Review("submitted", "approved", 10);
        var fact = Assert.Single(review.Facts);
        Assert.Equal(Key.Review("acme/web", 12, "ann"), fact.Subject);
        Assert.Equal(Gates.Reviewed, fact.Kind);
        Assert.Equal("ann", fact.Name);
        Assert.Equal(Payloads.Head, fact.Revision);
        Assert.Equal([Key.PullRequest("acme/web", 12)], fact.Links);
        Assert.Equal(new Ordinal(Payloads.Start.AddSeconds(10).ToUnixTimeMilliseconds(), 9001, 1), fact.Ordinal);
        Assert.Equal(GateStatus.Passed, World.Gate(Gates.Reviewed, Opened, review).Status);
    }

    [Fact]
    public void A_dismissal_takes_the_approval_back_whatever_comes_last()
    {
        var approved = Review("submitted", "approved", 10);
        var dismissed = Review("dismissed", "dismissed", 10);
        Assert.NotEqual(GateStatus.Passed, World.Gate(Gates.Reviewed, Opened, approved, dismissed).Status);
        Assert.NotEqual(GateStatus.Passed, World.Gate(Gates.Reviewed, Opened, dismissed, approved).Status);
        Assert.Equal(GateStatus.Passed, World.Gate(Gates.Reviewed, Opened, dismissed, approved, Review("submitted", "approved", 20, id: 9002)).Status);
    }

    [Fact]
    public void A_dismissal_takes_requested_changes_back_too()
    {
        var requested = Review("submitted", "changes_requested", 10);
        var dismissed = Review("dismissed", "dismissed", 10);
        Assert.Equal(GateStatus.Waiting, World.Gate(Gates.Reviewed, Opened, dismissed, requested).Status);
        Assert.Equal(GateStatus.Waiting, World.Gate(Gates.Reviewed, Opened, requested, dismissed).Status);
    }

    [Fact]
    public void Requested_changes_stand_beside_anothers_approval()
    {
        var ann = Review("submitted", "approved", 10);
        var bob = Hook.Translate("pull_request_review", Payloads.Review("submitted", "CHANGES_REQUESTED", 11, 9002, "Bob"));
        Assert.Equal(GateStatus.Failed, World.Gate(Gates.Reviewed, Opened, ann, bob).Status);
        Assert.Equal(GateStatus.Passed, World.Gate(Gates.Reviewed, Opened, ann, bob, Hook.Translate("pull_request_review", Payloads.Review("submitted", "approved", 12, 9003, "bob"))).Status);
    }

    [Theory]
    [InlineData("commented")]
    [InlineData("pending")]
    public void A_comment_after_an_approval_leaves_it_standing(string state)
    {
        var comment = Review("submitted", state, 20, id: 9005);
        Assert.Equal(TranslationOutcome.Ignored, comment.Outcome);
        Assert.Empty(comment.Facts);
        Assert.Equal(GateStatus.Passed, World.Gate(Gates.Reviewed, Opened, Review("submitted", "approved", 10), comment).Status);
    }

    [Fact]
    public void An_author_cannot_review_their_own_change()
    {
        var own = Hook.Translate("pull_request_review", Payloads.Review("submitted", "approved", 10, reviewer: "Builder-7"));
        Assert.Equal(TranslationOutcome.Ignored, own.Outcome);
        Assert.Contains("own author", own.Detail);
    }

    [Fact]
    public void A_bots_approval_counts_only_when_the_team_says_so()
    {
        var payload = Payloads.Review("submitted", "approved", 10, reviewer: "merge-bot[bot]", type: "Bot");
        Assert.Contains("GitHub:CountBotReviews", Hook.Translate("pull_request_review", payload).Detail);
        Assert.Equal("merge-bot[bot]", Assert.Single(Hook.Translate("pull_request_review", payload, static o => o.CountBotReviews = true).Facts).Name);
    }

    [Fact]
    public void An_unknown_review_state_is_no_evidence_and_is_reported()
    {
        var odd = Review("submitted", "blessed", 10);
        Assert.Equal((GateStatus.Waiting, Reason.Unrecognized), (odd.Facts[0].Status, odd.Facts[0].Reason));
        Assert.Single(odd.Diagnostics);
    }

    [Fact]
    public void A_review_by_a_deleted_account_is_a_ghosts()
    {
        var payload = Payloads.Review("submitted", "approved", 10);
        payload["review"]!["user"] = null;
        Assert.Equal("ghost", Assert.Single(Hook.Translate("pull_request_review", payload).Facts).Name);
    }

    private static Translation Review(string action, string state, int at, long id = 9001) => Hook.Translate("pull_request_review", Payloads.Review(action, state, at, id));
}
