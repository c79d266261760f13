/** Fields of `io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1`. Made by `scripts/kubernetes-schema.ts`. */
export const APIEXTENSIONS_V1 = `
CustomResourceColumnDefinition description:s format:s jsonPath!:s name!:s priority:i type!:s
CustomResourceConversion strategy!:s webhook:WebhookConversion
CustomResourceDefinition@ apiVersion:s kind:s metadata:meta-v1/ObjectMeta={} spec!:CustomResourceDefinitionSpec={} status:CustomResourceDefinitionStatus={}
CustomResourceDefinitionCondition lastTransitionTime:meta-v1/Time message:s observedGeneration:l reason:s status!:s type!:s
CustomResourceDefinitionNames categories:[s]~atomic kind!:s listKind:s plural!:s shortNames:[s]~atomic singular:s
CustomResourceDefinitionSpec conversion:CustomResourceConversion group!:s names!:CustomResourceDefinitionNames={} preserveUnknownFields:b scope!:s versions!:[CustomResourceDefinitionVersion]~atomic
CustomResourceDefinitionStatus acceptedNames:CustomResourceDefinitionNames={} conditions:[CustomResourceDefinitionCondition]~map(type) observedGeneration:l storedVersions:[s]~atomic
CustomResourceDefinitionVersion additionalPrinterColumns:[CustomResourceColumnDefinition]~atomic deprecated:b deprecationWarning:s name!:s schema:CustomResourceValidation selectableFields:[SelectableField]~atomic served!:b storage!:b subresources:CustomResourceSubresources
CustomResourceSubresourceScale labelSelectorPath:s specReplicasPath!:s statusReplicasPath!:s
CustomResourceSubresourceStatus
CustomResourceSubresources scale:CustomResourceSubresourceScale status:CustomResourceSubresourceStatus
CustomResourceValidation openAPIV3Schema:JSONSchemaProps
ExternalDocumentation description:s url:s
JSON
JSONSchemaProps $ref:s $schema:s additionalItems:JSONSchemaPropsOrBool additionalProperties:JSONSchemaPropsOrBool allOf:[JSONSchemaProps]~atomic anyOf:[JSONSchemaProps]~atomic default:JSON definitions:{JSONSchemaProps} dependencies:{JSONSchemaPropsOrStringArray} description:s enum:[JSON]~atomic example:JSON exclusiveMaximum:b exclusiveMinimum:b externalDocs:ExternalDocumentation format:s id:s items:JSONSchemaPropsOrArray maxItems:l maxLength:l maxProperties:l maximum:d minItems:l minLength:l minProperties:l minimum:d multipleOf:d not:JSONSchemaProps nullable:b oneOf:[JSONSchemaProps]~atomic pattern:s patternProperties:{JSONSchemaProps} properties:{JSONSchemaProps} required:[s]~atomic title:s type:s uniqueItems:b x-kubernetes-embedded-resource:b x-kubernetes-int-or-string:b x-kubernetes-list-map-keys:[s]~atomic x-kubernetes-list-type:s x-kubernetes-map-type:s x-kubernetes-preserve-unknown-fields:b x-kubernetes-validations:[ValidationRule]~map(rule)^merge(rule)
JSONSchemaPropsOrArray
JSONSchemaPropsOrBool
JSONSchemaPropsOrStringArray
SelectableField jsonPath!:s
ServiceReference name!:s namespace!:s path:s port:i
ValidationRule fieldPath:s message:s messageExpression:s optionalOldSelf:b reason:s rule!:s
WebhookClientConfig caBundle:y service:ServiceReference url:s
WebhookConversion clientConfig:WebhookClientConfig conversionReviewVersions!:[s]~atomic
`;
