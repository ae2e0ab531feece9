using System.Globalization;
using System.Text.Json.Nodes;
using ClosedLoop.Testing.Sandbox.GitHub;
using ClosedLoop.Testing.Sandbox.Registry;
using ClosedLoop.Testing.Sandbox.World;

namespace ClosedLoop.Testing.Sandbox.GitOps;

/// <summary>What a GitOps controller keeps of one target: an application, a Kustomization or a Rollout, by the system that it is of.</summary>
internal sealed class GitOpsObject(WorldService service, WorldTarget target, string registry, DateTimeOffset createdAt)
{
    public string Name => target.Deployment.Name;

    public string Repository => service.Line.Repository;

    public string Registry { get; } = registry;

    public DateTimeOffset CreatedAt { get; } = createdAt;

    public string Uid { get; } = WorldDice.Sha("gitops/" + target.Deployment.Name)[..32];

    /// <summary>Counts what was asked for.</summary>
    public long Generation { get; private set; } = 1;

    /// <summary>What the controller has taken up.</summary>
    public long ObservedGeneration { get; private set; } = 1;

    /// <summary>The image that it asks for.</summary>
    public SandboxImage Image { get; private set; } = target.Serving[0].Image;

    /// <summary>The image that was ready on all pods last.</summary>
    public SandboxImage Stable { get; private set; } = target.Serving[0].Image;

    /// <summary>The images of the pods, those that do not serve yet among them.</summary>
    public IReadOnlyList<SandboxImage> Running { get; private set; } = [target.Serving[0].Image];

    /// <summary>Where it stands: never <see cref="RolloutStep.Complete"/>, since readiness is health here.</summary>
    public RolloutStep Step { get; private set; } = RolloutStep.Verified;

    /// <summary>Since when.</summary>
    public DateTimeOffset Since { get; private set; } = createdAt;

    /// <summary>When the controller took up what is asked for.</summary>
    public DateTimeOffset StartedAt { get; private set; } = createdAt;

    /// <summary>When all of it was sent to the cluster; null while it is being sent.</summary>
    public DateTimeOffset? AppliedAt { get; private set; } = createdAt;

    /// <summary>The commit of the configuration that asks for the image.</summary>
    public string Revision => RevisionOf(Generation);

    /// <summary>The commit of the configuration that runs.</summary>
    public string AppliedRevision { get; private set; } = WorldDice.Sha($"config/{target.Deployment.Name}/1");

    public string AddressOf(SandboxImage image) => $"{Registry}/{image.Repository}@{image.Digest}";

    /// <summary>What every object of a cluster says of itself.</summary>
    public JsonObject Metadata(string @namespace) => new()
    {
        ["name"] = Name,
        ["namespace"] = @namespace,
        ["uid"] = Uid,
        ["generation"] = Generation,
        ["creationTimestamp"] = GitHubJson.Time(CreatedAt),
    };

    public void See(RolloutStep step, DateTimeOffset at)
    {
        switch (step)
        {
            case RolloutStep.Complete:
                return;
            case RolloutStep.Applied:
                Image = target.Coming!.Image;
                Generation++;
                break;
            case RolloutStep.Started:
                ObservedGeneration = Generation;
                (StartedAt, AppliedAt) = (at, null);
                break;
            case RolloutStep.Mixed or RolloutStep.Failed:
                AppliedAt ??= at;
                Running = [Stable, Image];
                break;
            case RolloutStep.Verified:
                Stable = Image;
                Running = [Image];
                AppliedRevision = Revision;
                break;
        }
        (Step, Since) = (step, at);
    }

    private string RevisionOf(long generation) => WorldDice.Sha(string.Create(CultureInfo.InvariantCulture, $"config/{Name}/{generation}"));
}
