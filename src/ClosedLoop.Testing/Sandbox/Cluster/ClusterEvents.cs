using System.Text.Json.Nodes;
using ClosedLoop.Testing.Sandbox.GitHub;
using ClosedLoop.Testing.Sandbox.Webhooks;
using ClosedLoop.Testing.Sandbox.World;

namespace ClosedLoop.Testing.Sandbox.Cluster;

/// <summary>Keeps an event in the cluster and sends it as Flux' notification-controller does (generic-hmac).</summary>
internal sealed class ClusterEvents(WorldState world)
{
    public void Raise(SandboxDeployment deployment, string reason, DateTimeOffset at)
    {
        var raised = world.Cluster.Raise(deployment, reason, at);
        byte[] body = WebhookSignature.Bytes(new JsonObject
        {
            ["involvedObject"] = ClusterJson.Involved(raised),
            ["severity"] = reason == RolloutReasons.Failed ? "error" : "info",
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
            Event = reason,
            Body = body,
            ContentType = "application/json",
            Headers = [("Gotk-Component", "deploy-controller"), ("X-Signature", WebhookSignature.Sha256(world.Secrets.ClusterWebhookSecret, body)), ("User-Agent", "Go-http-client/1.1")],
        });
    }
}
