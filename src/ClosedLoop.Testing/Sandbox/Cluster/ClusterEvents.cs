using System.Text.Json.Nodes;
using ClosedLoop.Testing.Sandbox.GitHub;
using ClosedLoop.Testing.Sandbox.Registry;
using ClosedLoop.Testing.Sandbox.Webhooks;
using ClosedLoop.Testing.Sandbox.World;

namespace ClosedLoop.Testing.Sandbox.Cluster;

/// <summary>Keeps an event in the cluster and sends it as Flux' notification-controller does (generic-hmac).</summary>
internal sealed class ClusterEvents(WorldState world)
{
    /// <summary>Something happened to what a Deployment should run.</summary>
    public void Raise(SandboxDeployment deployment, string reason, DateTimeOffset at) => Send(world.Cluster.Raise(deployment, reason, deployment.Image, at));

    /// <summary>An image was marked bad, whether it still runs or not.</summary>
    public void Reject(SandboxDeployment deployment, SandboxImage image, DateTimeOffset at) =>
        Send(world.Cluster.Raise(deployment, RolloutReasons.Rejected, deployment.AddressOf(image), at));

    private void Send(ClusterEvent raised)
    {
        // Where another system rolls out, the cluster sends nothing by itself.
        if (world.Options.Delivery != SandboxDelivery.Kubernetes) return;
        byte[] body = WebhookSignature.Bytes(new JsonObject
        {
            ["involvedObject"] = ClusterJson.Involved(raised),
            ["severity"] = raised.Reason is RolloutReasons.Failed or RolloutReasons.Unhealthy or RolloutReasons.Rejected ? "error" : "info",
            ["timestamp"] = GitHubJson.Time(raised.At),
            ["message"] = raised.Message,
            ["reason"] = raised.Reason,
            ["metadata"] = ClusterJson.Annotations(raised),
            ["reportingController"] = "deploy-controller",
            ["reportingInstance"] = "deploy-controller-0",
        });
        world.Outbox.Post(new WebhookMessage
        {
            Target = WebhookTarget.Cluster,
            Event = raised.Reason,
            Body = body,
            ContentType = "application/json",
            Headers = [("Gotk-Component", "deploy-controller"), ("X-Signature", WebhookSignature.Sha256(world.Secrets.ClusterWebhookSecret, body)), ("User-Agent", "Go-http-client/1.1")],
        });
    }
}
