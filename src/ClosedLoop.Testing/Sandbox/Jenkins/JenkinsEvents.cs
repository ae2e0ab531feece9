using System.Text.Json.Nodes;
using ClosedLoop.Testing.Sandbox.Webhooks;
using ClosedLoop.Testing.Sandbox.World;

namespace ClosedLoop.Testing.Sandbox.Jenkins;

/// <summary>The messages of Jenkins' Notification plugin. They name the commit that was built, not the others in it.</summary>
internal sealed class JenkinsEvents(WorldState world)
{
    public void Notify(JenkinsBuild build, string phase)
    {
        var json = new JsonObject
        {
            ["full_url"] = $"{world.Addresses.Jenkins}{JenkinsJson.BuildPath(build)}",
            ["number"] = build.Number,
            ["queue_id"] = 1_000 + build.Number,
            ["timestamp"] = phase switch
            {
                "COMPLETED" => (build.StartedAt + build.Duration).ToUnixTimeMilliseconds(),
                "FINALIZED" => world.Now.ToUnixTimeMilliseconds(),
                _ => build.StartedAt.ToUnixTimeMilliseconds(),
            },
            ["duration"] = (long)build.Duration.TotalMilliseconds,
            ["phase"] = phase,
            ["url"] = JenkinsJson.BuildPath(build),
            ["scm"] = new JsonObject
            {
                ["url"] = $"{world.Addresses.GitHub}{build.Repository}.git",
                ["branch"] = "origin/main",
                ["commit"] = build.Revision,
                ["changes"] = new JsonArray(),
                ["culprits"] = new JsonArray(),
            },
            ["parameters"] = new JsonObject(),
            ["log"] = "",
            ["notes"] = "",
            ["artifacts"] = new JsonObject(),
        };
        if (build.Result is { } result) json["status"] = result;
        byte[] body = WebhookSignature.Bytes(new JsonObject
        {
            ["name"] = build.Job,
            ["display_name"] = build.Job,
            ["url"] = $"job/{build.Job}/",
            ["build"] = json,
        });
        world.Outbox.Post(new WebhookMessage
        {
            Target = WebhookTarget.Jenkins,
            Event = phase,
            Body = body,
            ContentType = "application/json;charset=UTF-8",
            Headers = [("X-ClosedLoop-Token", world.Secrets.JenkinsWebhookToken), ("User-Agent", "Jenkins Notification plugin")],
        });
    }
}
