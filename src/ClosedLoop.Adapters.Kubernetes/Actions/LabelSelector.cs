using System.Text.Json;

namespace ClosedLoop.Adapters.Kubernetes.Actions;

/// <summary>Matches labels against a selector of the API. Pure.</summary>
internal static class LabelSelector
{
    /// <summary>Whether the labels match. An absent selector matches nothing, an empty one everything.</summary>
    public static bool Matches(JsonElement? selector, JsonElement? labels)
    {
        if (selector is not { ValueKind: JsonValueKind.Object } wanted) return false;
        if (wanted.Member("matchLabels") is { ValueKind: JsonValueKind.Object } exact)
            foreach (var label in exact.EnumerateObject())
                if (label.Value.AsText() is not { } value || ValueOf(label.Name) != value)
                    return false;
        foreach (var expression in wanted.Elements("matchExpressions"))
        {
            if (expression.Text("key") is not { } key) return false;
            string? value = ValueOf(key);
            bool isListed = value is not null && expression.Elements("values").Any(v => v.AsText() == value);
            bool matches = expression.Text("operator") switch
            {
                "In" => isListed,
                "NotIn" => !isListed,
                "Exists" => value is not null,
                "DoesNotExist" => value is null,
                _ => false,
            };
            if (!matches) return false;
        }
        return true;

        string? ValueOf(string name) => labels?.Text(name);
    }
}
