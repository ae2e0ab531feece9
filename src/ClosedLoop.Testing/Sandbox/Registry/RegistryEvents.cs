using System.Globalization;
using System.Text.Json.Nodes;
using ClosedLoop.Testing.Sandbox.Webhooks;
using ClosedLoop.Testing.Sandbox.World;

namespace ClosedLoop.Testing.Sandbox.Registry;

/// <summary>The notifications of the distribution registry: one for each blob, then one for the manifest.</summary>
internal sealed class RegistryEvents(WorldState world)
{
    private readonly WorldDice _ids = new(world.Options.Seed, "registry-deliveries");

    public void Pushed(SandboxImage image)
    {
        Post("push.blob", image, new JsonObject
        {
            ["mediaType"] = "application/octet-stream",
            ["size"] = image.Config.Length,
            ["digest"] = image.ConfigDigest,
            ["length"] = image.Config.Length,
            ["repository"] = image.Repository,
            ["url"] = $"{world.Addresses.Registry}v2/{image.Repository}/blobs/{image.ConfigDigest}",
        });
        Post("push.manifest", image, new JsonObject
        {
            ["mediaType"] = OciMediaTypes.Manifest,
            ["size"] = image.Manifest.Length,
            ["digest"] = image.Digest,
            ["length"] = image.Manifest.Length,
            ["repository"] = image.Repository,
            ["url"] = $"{world.Addresses.Registry}v2/{image.Repository}/manifests/{image.Digest}",
            ["tag"] = image.Tag,
            ["references"] = image.References(),
        });
    }

    private void Post(string name, SandboxImage image, JsonObject target)
    {
        var @event = new JsonObject
        {
            ["id"] = _ids.Id().ToString(),
            // Nine digits, as Go writes them.
            ["timestamp"] = image.CreatedAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'00Z'", CultureInfo.InvariantCulture),
            ["action"] = "push",
            ["target"] = target,
            ["request"] = new JsonObject
            {
                ["id"] = _ids.Id().ToString(),
                ["addr"] = "127.0.0.1:37088",
                ["host"] = world.Addresses.Registry.Authority,
                ["method"] = "PUT",
                ["useragent"] = "skopeo/1.9.3",
            },
            ["actor"] = new JsonObject(),
            ["source"] = new JsonObject { ["addr"] = world.Addresses.Registry.Authority, ["instanceID"] = "sandbox" },
        };
        world.Outbox.Post(new WebhookMessage
        {
            Target = WebhookTarget.Registry,
            Event = name,
            Body = WebhookSignature.Bytes(new JsonObject { ["events"] = new JsonArray(@event) }),
            ContentType = "application/vnd.docker.distribution.events.v1+json",
            Headers = [("Authorization", "Bearer " + world.Secrets.RegistryWebhookToken), ("User-Agent", "Go-http-client/1.1")],
        });
    }
}
