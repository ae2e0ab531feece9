using ClosedLoop.Core.Tests.Support;
using ClosedLoop.Facts;

namespace ClosedLoop.Core.Tests.Lines.Support;

/// <summary>One target of an environment (a service in a cluster) and its monitor, as they report themselves. Images have names.</summary>
internal sealed class TestTarget(LineWorld world, string environment, string name)
{
    /// <summary>All of it runs this image now.</summary>
    public Task RunsAsync(string image, double at) => RolloutAsync(GateStatus.Passed, at, image);

    /// <summary>Images serve together: a rollout that is under way.</summary>
    public Task RollsAsync(double at, params string[] images) => RolloutAsync(GateStatus.Running, at, images);

    public Task RolloutAsync(GateStatus status, double at, params string[] images) => world.TellAsync(at, Rollout(status, at, images));

    public Fact Rollout(GateStatus status, double at, params string[] images) => Of(Given.Deployer, Gates.RolledOut, status, at, images);

    /// <summary>The monitor checks what runs.</summary>
    public Task CheckAsync(GateStatus status, string image, double at, Reason reason = Reason.None) => world.TellAsync(at, Check(status, image, at) with { Reason = reason });

    public Task HealthyAsync(string image, double at) => CheckAsync(GateStatus.Passed, image, at);

    public Fact Check(GateStatus status, string image, double at) => Of(Given.Health, Gates.Healthy, status, at, [image]);

    private Fact Of(Writer writer, string kind, GateStatus status, double at, string[] images) =>
        Given.Of(writer, Key.Environment($"{environment}/{name}"), kind, at, status, links: [.. images.Select(static i => Key.Image(LineWorld.Digest(i)))]) with
        {
            Name = name,
            Environment = environment,
            Revision = images.Length == 1 ? LineWorld.Digest(images[0]) : null,
        };
}
