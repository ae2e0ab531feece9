namespace ClosedLoop.LoadRig.Sqlite;

/// <summary>One statement of a twin and what it binds.</summary>
internal sealed record TwinRow(string Sql, params TwinValue[] Values);
