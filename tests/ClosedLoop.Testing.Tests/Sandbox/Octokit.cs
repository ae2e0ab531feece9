using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ClosedLoop.Testing.Tests.Sandbox;

/// <summary>
/// GitHub's own JavaScript for webhooks, run by node: the JSON schemas of <c>@octokit/openapi-webhooks</c> with <c>ajv</c>, and
/// <c>@octokit/webhooks-methods</c>. All are installed by test.sh.
/// </summary>
internal static class Octokit
{
    private const string Variable = "OCTOKIT_OPENAPI_WEBHOOKS";

    private const string Validator = """
        const { default: Ajv } = await load("ajv/dist/2020.js");
        const { default: addFormats } = await load("ajv-formats/dist/index.js");
        const api = JSON.parse(readFileSync(join(modules, "@octokit/openapi-webhooks/generated/api.github.com.json"), "utf8"));
        const ajv = new (Ajv.default ?? Ajv)({ strict: false, allErrors: true, logger: false });
        (addFormats.default ?? addFormats)(ajv);
        ajv.addSchema({ $id: "github", components: api.components });
        for (const { event, headers, body } of input) {
          const payload = JSON.parse(body);
          const name = (payload.action ? `${event}-${payload.action}` : event).replaceAll("_", "-");
          const operation = api.webhooks[name]?.post;
          if (!operation) { answer([`there is no webhook ${name}`]); continue; }
          const { $ref } = operation.requestBody.content["application/json"].schema;
          const errors = operation.parameters.filter(p => p.in === "header" && p.required && !headers.some(h => h.toLowerCase() === p.name.toLowerCase())).map(p => `the header ${p.name} is missing`);
          const validate = ajv.getSchema(`github${$ref}`);
          if (!validate(payload)) errors.push(...validate.errors.map(e => `${e.instancePath} ${e.message} ${JSON.stringify(e.params)}`));
          answer([...new Set(errors)]);
        }
        """;

    private const string Signer = """
        const { sign, verify } = await load("@octokit/webhooks-methods/dist-node/index.js");
        for (const { secret, body, signature } of input) answer(signature === null ? await sign(secret, body) : await verify(secret, body, signature));
        """;

    private const string Frame = """
        import { readFileSync } from "node:fs";
        import { join } from "node:path";
        import { pathToFileURL } from "node:url";
        const modules = process.argv[1];
        const load = name => import(pathToFileURL(join(modules, name)));
        const input = JSON.parse(readFileSync(0, "utf8"));
        const answers = [];
        const answer = a => answers.push(a);

        """;

    /// <summary>What is wrong with each webhook by the schema of its event and action; nothing, when it holds.</summary>
    public static async Task<IReadOnlyList<IReadOnlyList<string>>> ValidateAsync(IEnumerable<(string Event, IEnumerable<string> Headers, byte[] Body)> webhooks)
    {
        var answers = await RunAsync(Validator, new JsonArray([.. webhooks.Select(static w => (JsonNode?)new JsonObject
        {
            ["event"] = w.Event,
            ["headers"] = new JsonArray([.. w.Headers.Select(static h => (JsonNode?)h)]),
            ["body"] = Encoding.UTF8.GetString(w.Body),
        })]));
        return [.. answers.Select(static a => (IReadOnlyList<string>)[.. a.EnumerateArray().Select(static e => e.GetString()!)])];
    }

    /// <summary>The signature of each body.</summary>
    public static async Task<IReadOnlyList<string>> SignAsync(IEnumerable<(string Secret, string Body)> bodies) =>
        [.. (await RunAsync(Signer, new JsonArray([.. bodies.Select(static b => Question(b.Secret, b.Body, null))]))).Select(static a => a.GetString()!)];

    /// <summary>Whether each signature is of its body.</summary>
    public static async Task<IReadOnlyList<bool>> VerifyAsync(IEnumerable<(string Secret, string Body, string Signature)> bodies) =>
        [.. (await RunAsync(Signer, new JsonArray([.. bodies.Select(static b => Question(b.Secret, b.Body, b.Signature))]))).Select(static a => a.GetBoolean())];

    private static JsonObject Question(string secret, string body, string? signature) => new() { ["secret"] = secret, ["body"] = body, ["signature"] = signature };

    private static async Task<List<JsonElement>> RunAsync(string script, JsonArray input)
    {
        string? modules = Environment.GetEnvironmentVariable(Variable);
        if (string.IsNullOrEmpty(modules) || !Directory.Exists(Path.Combine(modules, "@octokit", "openapi-webhooks")))
            Assert.Fail($"{Variable} must name the node_modules with npm's @octokit/openapi-webhooks, @octokit/webhooks-methods and ajv; run ./test.sh, which installs them and sets the variable.");
        var start = new ProcessStartInfo("node") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, StandardInputEncoding = new UTF8Encoding(false), StandardOutputEncoding = Encoding.UTF8 };
        foreach (string argument in (string[])["--input-type=module", "-e", Frame + script + "\nconsole.log(JSON.stringify(answers));", modules!]) start.ArgumentList.Add(argument);
        using var node = Process.Start(start)!;
        var output = node.StandardOutput.ReadToEndAsync();
        var errors = node.StandardError.ReadToEndAsync();
        await node.StandardInput.WriteAsync(input.ToJsonString());
        node.StandardInput.Close();
        await node.WaitForExitAsync().WaitAsync(SandboxRun.Patience);
        Assert.True(node.ExitCode == 0, await errors);
        using var answers = JsonDocument.Parse(await output);
        Assert.Equal(input.Count, answers.RootElement.GetArrayLength());
        return [.. answers.RootElement.EnumerateArray().Select(static a => a.Clone())];
    }
}
