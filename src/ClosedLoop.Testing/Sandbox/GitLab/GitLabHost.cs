using System.Globalization;
using System.Text.Json.Nodes;
using ClosedLoop.Testing.Sandbox.Http;
using ClosedLoop.Testing.Sandbox.SourceHosts;
using ClosedLoop.Testing.Sandbox.World;

namespace ClosedLoop.Testing.Sandbox.GitLab;

/// <summary>
/// GitLab as the source host. How it merges is a setting of each project: some make merge commits, after a squash where that is asked for;
/// every other one moves its branch forward to a squash, which names no merge request.
/// </summary>
internal sealed class GitLabHost(WorldState world) : ISourceHost
{
    private readonly GitLabEvents _events = new(world);

    public ISandboxApi Api { get; } = new GitLabApi(world);

    /// <summary>What the revert button writes, here and into the commit.</summary>
    public string DescribeRevert(WorldChange reverted) => string.Create(CultureInfo.InvariantCulture, $"This reverts merge request !{reverted.Pull.Number}\n");

    public string Undoes(WorldChange reverted) => DescribeRevert(reverted);

    public LandingCommit Land(WorldChange change)
    {
        var pull = change.Pull;
        if (MergesByFastForward(pull.Repository)) return new LandingCommit(pull.Title, null);
        // A squash has the same content as the one commit of the branch, and is another commit.
        string merged = change.Plan.End == ChangeEnd.Squash ? WorldDice.Sha("squash/" + pull.HeadSha) : pull.HeadSha;
        return new LandingCommit(string.Create(CultureInfo.InvariantCulture, $"Merge branch '{pull.Branch}' into 'main'\n\n{pull.Title}\n\nSee merge request {pull.Repository}!{pull.Number}"), merged);
    }

    /// <summary>A new webhook is greeted by nobody.</summary>
    public void Greet()
    {
    }

    public void Opened(PullRequest pull) => _events.MergeRequest("open", pull, pull.Author, []);

    public void MadeReady(PullRequest pull) => _events.MergeRequest("update", pull, pull.Author, new JsonObject
    {
        ["draft"] = GitLabJson.Change(true, false),
        ["title"] = GitLabJson.Change(GitLabJson.DraftPrefix + pull.Title, pull.Title),
    });

    public void Reviewed(PullRequest pull, PullRequestReview review) => _events.MergeRequest(review.IsApproval ? "approved" : "update", pull, review.Reviewer, review.IsApproval ? [] : new JsonObject
    {
        ["reviewers"] = GitLabJson.Change(GitLabJson.Reviewers(pull, GitLabJson.Unreviewed), GitLabJson.Reviewers(pull)),
    });

    public void Closed(PullRequest pull) => _events.MergeRequest("close", pull, pull.Author, new JsonObject { ["state_id"] = GitLabJson.Change(1, 2) });

    public void Merged(PullRequest pull) => _events.MergeRequest("merge", pull, "merge-train", new JsonObject { ["state_id"] = GitLabJson.Change(4, 3) });

    public void Pushed(WorldLine line, WorldCommit before, WorldChange? change) => _events.Push(line, before, change is null ? line.Head.Author : "merge-train");

    private bool MergesByFastForward(string repository) => world.Options.Repositories.IndexOf(repository) % 2 == 1;
}
