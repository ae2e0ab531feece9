using System.Globalization;
using System.Text.Json.Nodes;
using ClosedLoop.Testing.Sandbox.Http;
using ClosedLoop.Testing.Sandbox.SourceHosts;
using ClosedLoop.Testing.Sandbox.World;

namespace ClosedLoop.Testing.Sandbox.Gitea;

/// <summary>
/// Gitea as the source host. It has no words of its own for a revert: people push what <c>git revert</c> made, and the pull request's description
/// begins as that commit's message.
/// </summary>
internal sealed class GiteaHost(WorldState world) : ISourceHost
{
    private readonly GiteaEvents _events = new(world);

    public ISandboxApi Api { get; } = new GiteaApi(world);

    public string DescribeRevert(WorldChange reverted) => Undoes(reverted);

    public string Undoes(WorldChange reverted) => CommitMessages.Reverts(reverted.Landing!);

    public LandingCommit Land(WorldChange change)
    {
        var pull = change.Pull;
        string reviewed = $"Reviewed-on: {GiteaJson.Url(world.SourceHost.Address, pull)}\n" + string.Concat(pull.Reviews.Where(static r => r.IsApproval).Select(static r => $"Reviewed-by: {r.Reviewer} <{GiteaJson.Email(r.Reviewer)}>\n"));
        return change.Plan.End == ChangeEnd.Merge
            ? new LandingCommit(string.Create(CultureInfo.InvariantCulture, $"Merge pull request '{pull.Title}' (#{pull.Number}) from {pull.Branch} into main\n\n{reviewed}"), pull.HeadSha)
            : new LandingCommit(string.Create(CultureInfo.InvariantCulture, $"{pull.Title} (#{pull.Number})\n\n{pull.Body}\n{reviewed}"), null);
    }

    /// <summary>A new webhook is greeted by nobody.</summary>
    public void Greet()
    {
    }

    public void Opened(PullRequest pull) => _events.PullRequest("opened", pull, pull.Author);

    // What makes a draft is its title.
    public void MadeReady(PullRequest pull) =>
        _events.PullRequest("edited", pull, pull.Author, new JsonObject { ["title"] = new JsonObject { ["from"] = GiteaJson.DraftPrefix + pull.Title } });

    public void Reviewed(PullRequest pull, PullRequestReview review) => _events.Review(pull, review);

    public void Closed(PullRequest pull) => _events.PullRequest("closed", pull, pull.Author);

    public void Merged(PullRequest pull) => _events.PullRequest("closed", pull, GiteaJson.Merger);

    public void Pushed(WorldLine line, WorldCommit before, WorldChange? change) => _events.Push(line, before, change is null ? line.Head.Author : GiteaJson.Merger);
}
