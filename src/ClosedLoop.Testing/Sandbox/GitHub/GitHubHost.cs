using System.Globalization;
using ClosedLoop.Testing.Sandbox.Http;
using ClosedLoop.Testing.Sandbox.SourceHosts;
using ClosedLoop.Testing.Sandbox.World;

namespace ClosedLoop.Testing.Sandbox.GitHub;

/// <summary>GitHub as the source host: pull requests that are merged or squashed as their authors like.</summary>
internal sealed class GitHubHost(WorldState world) : ISourceHost
{
    private readonly GitHubEvents _events = new(world);

    public ISandboxApi Api { get; } = new GitHubApi(world);

    public string DescribeRevert(WorldChange reverted) => string.Create(CultureInfo.InvariantCulture, $"Reverts {reverted.Pull.Repository}#{reverted.Pull.Number}\n");

    public string Undoes(WorldChange reverted) => CommitMessages.Reverts(reverted.Landing!);

    public LandingCommit Land(WorldChange change)
    {
        var pull = change.Pull;
        return change.Plan.End == ChangeEnd.Merge
            ? new LandingCommit($"Merge pull request #{pull.Number} from {pull.Repository.Split('/')[0]}/{pull.Branch}\n\n{pull.Title}", pull.HeadSha)
            : new LandingCommit($"{pull.Title} (#{pull.Number})\n\n{change.Undoes ?? pull.Body}", null);
    }

    public void Greet() => _events.Ping();

    public void Opened(PullRequest pull) => _events.PullRequest("opened", pull);

    public void MadeReady(PullRequest pull) => _events.PullRequest("ready_for_review", pull);

    public void Reviewed(PullRequest pull, PullRequestReview review) => _events.Review(pull, review);

    public void Closed(PullRequest pull) => _events.PullRequest("closed", pull);

    public void Merged(PullRequest pull) => _events.PullRequest("closed", pull);

    public void Pushed(WorldLine line, WorldCommit before, WorldChange? change) => _events.Push(line, before, change);
}
