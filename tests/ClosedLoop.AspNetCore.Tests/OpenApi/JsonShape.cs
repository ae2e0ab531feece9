using System.Globalization;
using System.Text.Json;

namespace ClosedLoop.AspNetCore.Tests.OpenApi;

/// <summary>Says how JSON differs from a schema of the document. Stricter than JSON Schema: a member that the schema does not name is a difference.</summary>
internal sealed class JsonShape(JsonElement document)
{
    public IReadOnlyList<string> Differences(JsonElement value, JsonElement schema)
    {
        var differences = new List<string>();
        Compare(value, schema, "$", differences);
        return differences;
    }

    public JsonElement Resolve(JsonElement schema)
    {
        while (schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty("$ref", out var reference))
        {
            schema = document;
            foreach (string part in reference.GetString()!.Split('/').Skip(1)) schema = schema.GetProperty(part);
        }
        return schema;
    }

    private void Compare(JsonElement value, JsonElement schema, string path, List<string> differences)
    {
        schema = Resolve(schema);
        if (schema.ValueKind != JsonValueKind.Object) return;
        if (schema.TryGetProperty("anyOf", out var any))
        {
            if (!any.EnumerateArray().Any(s => Differences(value, s).Count == 0)) differences.Add($"{path} matches none of anyOf");
            return;
        }
        if (!schema.TryGetProperty("type", out var type)) throw new InvalidOperationException($"{path}: the schema says nothing: {schema}");
        string[] types = type.ValueKind == JsonValueKind.Array ? [.. type.EnumerateArray().Select(static t => t.GetString()!)] : [type.GetString()!];
        string actual = TypeOf(value);
        if (!types.Contains(actual) && !(actual == "integer" && types.Contains("number")))
        {
            differences.Add($"{path} is {actual}, not {string.Join(" or ", types)}");
            return;
        }
        if (schema.TryGetProperty("format", out var format) && format.GetString() == "date-time" && actual == "string"
            && !DateTimeOffset.TryParse(value.GetString(), CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out _)) differences.Add($"{path} is no date-time");
        if (actual == "array")
        {
            int i = 0;
            foreach (var element in value.EnumerateArray()) Compare(element, schema.GetProperty("items"), $"{path}[{i++}]", differences);
        }
        if (actual != "object") return;
        var properties = schema.GetProperty("properties");
        foreach (var member in value.EnumerateObject())
        {
            if (properties.TryGetProperty(member.Name, out var of)) Compare(member.Value, of, $"{path}.{member.Name}", differences);
            else differences.Add($"{path}.{member.Name} is not in the schema");
        }
        if (!schema.TryGetProperty("required", out var required)) return;
        foreach (var name in required.EnumerateArray())
            if (!value.TryGetProperty(name.GetString()!, out _)) differences.Add($"{path}.{name} is missing");
    }

    private static string TypeOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        JsonValueKind.String => "string",
        JsonValueKind.Number => value.TryGetInt64(out _) ? "integer" : "number",
        JsonValueKind.True or JsonValueKind.False => "boolean",
        _ => "null",
    };
}
