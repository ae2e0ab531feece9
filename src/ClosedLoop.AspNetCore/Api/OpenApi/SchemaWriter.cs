using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;

namespace ClosedLoop.AspNetCore.Api.OpenApi;

/// <summary>Writes the JSON Schemas of the types that requests and answers are made of, each once under its own name.</summary>
internal sealed class SchemaWriter
{
    private const string RequestSuffix = "Request";

    private readonly SortedDictionary<string, JsonNode> _schemas = new(StringComparer.Ordinal);
    private readonly Queue<JsonTypeInfo> _open = new();
    private readonly HashSet<Type> _known = [];

    public static string NameOf(Type type) => type.Name.EndsWith("Body", StringComparison.Ordinal) ? type.Name[..^4] : type.Name;

    /// <summary>A reference to a type's schema, which is written as well.</summary>
    public JsonObject Reference(JsonTypeInfo type)
    {
        if (_known.Add(type.Type)) _open.Enqueue(type);
        return new JsonObject { ["$ref"] = "#/components/schemas/" + NameOf(type.Type) };
    }

    /// <summary>The schemas of all types that were referred to, and of those that they are made of.</summary>
    /// <param name="required">By the name of a request's type, the members that it must have.</param>
    public JsonObject Write(IReadOnlyDictionary<string, IReadOnlyList<string>> required)
    {
        while (_open.TryDequeue(out var type))
        {
            string name = NameOf(type.Type);
            var schema = type.GetJsonSchemaAsNode(new JsonSchemaExporterOptions { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = Transform });
            _schemas[name] = schema;
            if (schema is not JsonObject { } members || members["properties"] is not JsonObject properties) continue;
            // An answer has every member, always. A request may leave out what is not required.
            IEnumerable<string> needed = name.EndsWith(RequestSuffix, StringComparison.Ordinal) ? required.GetValueOrDefault(name) ?? [] : properties.Select(static p => p.Key);
            if (needed.ToList() is { Count: > 0 } list) members["required"] = new JsonArray([.. list.Select(static n => (JsonNode)n)]);
        }
        return new JsonObject(_schemas.Select(static s => KeyValuePair.Create(s.Key, (JsonNode?)s.Value)));
    }

    private JsonNode Transform(JsonSchemaExporterContext context, JsonNode schema)
    {
        if (context.TypeInfo.Kind != JsonTypeInfoKind.Object) return schema;
        bool isNullable = schema["type"] is JsonArray types && types.Any(static t => t?.GetValue<string>() == "null");
        if (context.Path.IsEmpty)
        {
            if (isNullable) schema["type"] = "object";
            return schema;
        }
        var reference = Reference(context.TypeInfo);
        return isNullable ? new JsonObject { ["anyOf"] = new JsonArray(reference, new JsonObject { ["type"] = "null" }) } : reference;
    }
}
