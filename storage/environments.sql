-- Environments: api/environments.c.

-- The same name in several projects is one to the organization.  $1 projects, $2 hidden ones too
-- :name environment_list
select min(id)::text as "id", name as "name", bool_and(is_hidden) as "isHidden"
  from environment
 where project_id = any($1::bigint[]) and name <> '' and (not is_hidden or $2::boolean)
 group by name
 order by name;

-- Ids of names in all of an organization: $1 organization, $2 names ('' is "no environment")
-- :name environment_ids
select e.id, e.name
  from project p join environment e on e.project_id = p.id
 where p.organization_id = $1 and e.name = any($2::text[]);
