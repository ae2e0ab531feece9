using System.Text.Json;

namespace ClosedLoop.AspNetCore;

/// <summary>Enum values as the API spells them: <c>notApplicable</c>, <c>coveredBy</c>.</summary>
internal static class Names
{
    public static string Of<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}
