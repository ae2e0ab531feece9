using System.Globalization;
using System.Text.Json.Nodes;
using ClosedLoop.Testing.Sandbox.Cluster;
using ClosedLoop.Testing.Sandbox.Jenkins;
using ClosedLoop.Testing.Sandbox.Registry;
using ClosedLoop.Testing.Sandbox.SourceHosts;
using ClosedLoop.Testing.Sandbox.World;

namespace ClosedLoop.Testing.Sandbox.CDEvents;

/// <summary>Tells what happens in the world as CDEvents.</summary>
internal sealed class CDEventsView : IWorldObserver
{
    private readonly WorldState _world;
    private readonly CDEventsSender _sender;
    private readonly Dictionary<WorldTarget, WorldVersion> _runs = [];
    private readonly Dictionary<WorldTarget, string> _incidents = [];
    private int _incident;

    public CDEventsView(WorldState world)
    {
        (_world, _sender) = (world, new CDEventsSender(world));
        // Who listens from now on has to know all places where a change has to come to.
        world.Schedule.After(TimeSpan.Zero, () =>
        {
            foreach (var service in world.Services)
                foreach (var target in service.Targets)
                    RolledOut(service, target, RolloutStep.Complete);
        });
    }

    public void Changed(string action, PullRequest pull)
    {
        string predicate = action == "opened" ? "created" : pull.MergeSha is null ? "abandoned" : "merged";
        Send(predicate, pull, pull.MergeSha is { } sha ? [("commit", sha), ("branch", "main")] : [("branch", "main")]);
    }

    // CDEvents has no field for who reviewed it, and with which result.
    public void Reviewed(PullRequest pull, PullRequestReview review) =>
        Send("reviewed", pull, [("decision", review.IsApproval ? "approved" : "changes_requested"), ("reviewer", review.Reviewer)]);

    public void Built(JenkinsBuild build)
    {
        var content = new JsonObject { ["pipelineName"] = build.Job, ["url"] = $"{_world.Addresses.Jenkins}{JenkinsJson.BuildPath(build)}" };
        if (build.Result is { } result) content["outcome"] = result switch { JenkinsBuild.Success => "success", JenkinsBuild.Failure => "failure", _ => "cancel" };
        _sender.Send($"{CDEventsSources.Ci}/{build.Job}", ("pipelinerun", build.IsBuilding ? "started" : "finished"), string.Create(CultureInfo.InvariantCulture, $"{build.Job}/{build.Number}"), content, [("repository", build.Repository), ("commit", build.Revision)]);
    }

    public void Published(WorldService service, WorldVersion version) =>
        _sender.Send(CDEventsSources.Registry, ("artifact", "published"), Purl(version.Image), [], [("repository", service.Line.Repository), ("commit", version.Commit.Sha)]);

    public void RolledOut(WorldService service, WorldTarget target, RolloutStep step)
    {
        string name = target.Deployment.Name;
        switch (step)
        {
            case RolloutStep.Complete:
                var version = target.Serving[0];
                string predicate = !_runs.TryGetValue(target, out var before) ? "deployed" : before.Commit.Contains(version.Commit) ? "rolledback" : "upgraded";
                _runs[target] = version;
                _sender.Send(CDEventsSources.Deployer, ("service", predicate), name, Place(version), [("repository", service.Line.Repository), ("commit", version.Commit.Sha)]);
                break;
            case RolloutStep.Unhealthy when !_incidents.ContainsKey(target):
                _incidents[target] = string.Create(CultureInfo.InvariantCulture, $"incident-{++_incident}");
                Incident("detected");
                break;
            case RolloutStep.Verified when _incidents.ContainsKey(target):
                Incident("resolved");
                _incidents.Remove(target);
                break;
        }

        void Incident(string what)
        {
            var content = Place(target.Serving[^1]);
            content["service"] = new JsonObject { ["id"] = name };
            content["description"] = $"the health check of {name} fails";
            _sender.Send(CDEventsSources.Monitor, ("incident", what), _incidents[target], content, [("repository", service.Line.Repository)]);
        }
    }

    private void Send(string predicate, PullRequest pull, (string Name, string Value)[] custom) =>
        _sender.Send(
            CDEventsSources.SourceControl,
            ("change", predicate),
            pull.Number.ToString(CultureInfo.InvariantCulture),
            new JsonObject { ["repository"] = new JsonObject { ["id"] = pull.Repository, ["source"] = _world.Addresses.GitHub.AbsoluteUri } },
            custom);

    private static JsonObject Place(WorldVersion version) => new() { ["environment"] = new JsonObject { ["id"] = SandboxDeployment.Namespace }, ["artifactId"] = Purl(version.Image) };

    private static string Purl(SandboxImage image) => $"pkg:oci/{image.Repository.Split('/')[1]}@{Uri.EscapeDataString(image.Digest)}";
}
