using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ClosedLoop.AspNetCore.Access;
using ClosedLoop.AspNetCore.Api.Operations;

namespace ClosedLoop.AspNetCore.Api.OpenApi;

/// <summary>Writes the OpenAPI 3.1 document of operations. Pure.</summary>
internal static partial class OpenApiWriter
{
    private const string Problem = "application/problem+json";

    private static readonly SortedDictionary<int, string> ProblemTexts = new()
    {
        [400] = "The request is not what was expected; 'detail' says what is.",
        [401] = "The caller is not known.",
        [403] = "The caller may not do this.",
        [404] = "There is no such thing.",
        [409] = "It cannot be changed so now.",
        [413] = "The body is too large.",
        [415] = "The body is not JSON.",
        [500] = "A fault of the server.",
        [503] = "The record cannot be read or written now; 'Retry-After' says when to try again.",
    };

    public static JsonObject Write(IReadOnlyList<ApiOperation> operations, string server, string version)
    {
        var schemas = new SchemaWriter();
        var paths = new JsonObject();
        foreach (var pattern in operations.GroupBy(static o => o.Pattern, StringComparer.Ordinal))
        {
            var path = new JsonObject();
            foreach (var operation in pattern) path[operation.Method.ToLowerInvariant()] = Operation(operation, schemas);
            paths[pattern.Key] = path;
        }
        var problem = schemas.Reference(ApiJson.Default.ProblemBody);
        // Events are one schema each, although the stream itself is text.
        schemas.Reference(ApiJson.Default.TransitionBody);
        var required = operations.Where(static o => o.Body is not null).DistinctBy(static o => o.Body!.Type).ToDictionary(static o => SchemaWriter.NameOf(o.Body!.Type), static o => o.RequiredMembers, StringComparer.Ordinal);
        return new JsonObject
        {
            ["openapi"] = "3.1.1",
            ["info"] = new JsonObject
            {
                ["title"] = "ClosedLoop",
                ["version"] = version,
                ["description"] = "Which gates a change has really passed, who says so, on what evidence, and what it waits for. Every GET also answers HEAD. Errors are problem details (RFC 9457).",
                ["license"] = new JsonObject { ["name"] = "MIT", ["identifier"] = "MIT" },
            },
            ["servers"] = new JsonArray(new JsonObject { ["url"] = server }),
            ["security"] = new JsonArray(new JsonObject { ["bearer"] = new JsonArray() }),
            ["paths"] = paths,
            ["components"] = new JsonObject
            {
                ["schemas"] = schemas.Write(required),
                ["responses"] = new JsonObject(ProblemTexts.Select(p => KeyValuePair.Create(
                    Name(p.Key), (JsonNode?)new JsonObject { ["description"] = p.Value, ["content"] = new JsonObject { [Problem] = new JsonObject { ["schema"] = problem.DeepClone() } } }))),
                ["securitySchemes"] = new JsonObject { ["bearer"] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer", ["description"] = "The token of a writer. A host may let its own users in as well, or let anybody read." } },
            },
        };
    }

    private static JsonObject Operation(ApiOperation operation, SchemaWriter schemas)
    {
        var json = new JsonObject { ["operationId"] = operation.Id, ["summary"] = operation.Summary };
        var parameters = Names().Matches(operation.Pattern).Select(static m => (JsonNode)new JsonObject
        {
            ["name"] = m.Groups["name"].Value, ["in"] = "path", ["required"] = true, ["schema"] = new JsonObject { ["type"] = "string" },
        }).Concat(operation.Query.Select(Parameter)).ToArray();
        if (parameters.Length > 0) json["parameters"] = new JsonArray(parameters);
        if (operation.Body is { } body) json["requestBody"] = new JsonObject { ["required"] = true, ["content"] = Content("application/json", schemas.Reference(body)) };
        var responses = new SortedDictionary<int, JsonNode>();
        foreach (var response in operation.Responses)
        {
            responses[response.Status] = new JsonObject
            {
                ["description"] = response.Description,
                ["content"] = Content(response.ContentType, response.Type is null ? new JsonObject { ["type"] = "string" } : schemas.Reference(response.Type)),
            };
        }
        if (operation.IsRead && !operation.IsStream) responses[304] = new JsonObject { ["description"] = "It is still what 'If-None-Match' names." };
        IEnumerable<int> always = operation.Required == ReaderOrWriter.Writer ? [401, 403, 500, 503] : [401, 500, 503];
        foreach (int status in operation.Problems.Concat(always)) responses[status] = new JsonObject { ["$ref"] = "#/components/responses/" + Name(status) };
        json["responses"] = new JsonObject(responses.Select(static r => KeyValuePair.Create(r.Key.ToString(CultureInfo.InvariantCulture), (JsonNode?)r.Value)));
        return json;
    }

    private static JsonNode Parameter(ApiParameter parameter)
    {
        var schema = new JsonObject { ["type"] = parameter.Type };
        if (parameter.Minimum is { } minimum) schema["minimum"] = minimum;
        if (parameter.Maximum is { } maximum) schema["maximum"] = maximum;
        if (parameter.Default is { } value) schema["default"] = value;
        return new JsonObject { ["name"] = parameter.Name, ["in"] = parameter.IsHeader ? "header" : "query", ["description"] = parameter.Description, ["schema"] = schema };
    }

    private static JsonObject Content(string type, JsonNode schema) => new() { [type] = new JsonObject { ["schema"] = schema } };

    private static string Name(int status) => string.Create(CultureInfo.InvariantCulture, $"Problem{status}");

    [GeneratedRegex(@"\{(?<name>\w+)\}", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Names();
}
